// node healthcheck.mjs VARIABLE DEFAULT_PORT PATH: exits with 0 if PATH answers 2xx on the container's port, else with 1.
const [variable, defaultPort, path] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env[variable] || defaultPort}${path}`;
const answer = await fetch(url, { signal: AbortSignal.timeout(2500) }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
