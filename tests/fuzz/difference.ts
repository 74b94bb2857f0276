import type { Compared } from './fuzz-format.ts';

/** A question that both sides do not answer alike. */
export interface Difference {
  question: string;
  java: string;
  ours: string;
  reasons: Record<string, string>;
}

const missing = '(no answer)';

/** Every question with two answers. A question that only one side answers has two as well. */
export function differencesOf({ java, ours, reasons }: Compared): Difference[] {
  const questions = new Set([...Object.keys(java), ...Object.keys(ours)]);
  return [...questions].flatMap((question) => {
    const difference = {
      question,
      java: java[question] ?? missing,
      ours: ours[question] ?? missing,
      reasons,
    };
    return difference.java === difference.ours ? [] : [difference];
  });
}

/**
 * The kind of a difference: a smaller input must show the same one. Numbers of values are left out, since a smaller input has
 * fewer.
 */
export function kindOf({ question, java, ours }: Difference): string {
  const kind = question.replace(/ .*/, '');
  return `${kind}: Java ${outcome(java)}, this project ${outcome(ours)}`;
}

const outcomes = /^(?:accepted|refused|valid|invalid|yes|no|compatible|incompatible)\b/;

function outcome(answer: string): string {
  if (answer === missing) return 'does not answer';
  return outcomes.exec(answer)?.[0] ?? 'answers';
}
