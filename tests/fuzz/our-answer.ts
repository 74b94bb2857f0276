import { SerdeError } from '@order-stream/serde';

/** This project's answer: `refused` if it throws one of its own errors; any other error is an answer that Java never gives. */
export function ourAnswer(
  reasons: Record<string, string>,
  question: string,
  ask: () => string,
): string {
  try {
    return ask();
  } catch (error) {
    reasons[`${question}, this project`] = String(error);
    return error instanceof SerdeError ? 'refused' : `failed with ${(error as Error).name}`;
  }
}
