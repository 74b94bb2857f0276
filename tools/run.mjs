// Runs a TypeScript entry point with the project's own Node 24, from a bare clone and with any Node from 20 on.
