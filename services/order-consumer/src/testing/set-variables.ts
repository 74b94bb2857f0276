/** Sets environment variables, or removes those that are undefined, until the test ends. */
export function setVariables(
  context: { after(end: () => void): void },
  variables: Record<string, string | undefined>,
): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
    context.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}
