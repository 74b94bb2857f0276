// node healthcheck.mjs VARIABLE DEFAULT_PORT PATH: exit 0 when the container's own port answers 2xx.
const [variable, defaultPort, path] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env[variable] || defaultPort}${path}`;
const answer = await fetch(url, { signal: AbortSignal.timeout(2500) }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
