import type { Compared } from './fuzz-format.ts';

/** A question that both sides do not answer alike. */
export interface Difference {
  question: string;
  java: string;
  ours: string;
  comparedWith: string;
  reasons: Record<string, string>;
}

const missing = '(no answer)';

/** Every question with two answers. A question that only one side answers has two as well. */
export function differencesOf({
  java,
  ours,
  reasons,
  comparedWith = 'Java',
}: Compared): Difference[] {
  const questions = new Set([...Object.keys(java), ...Object.keys(ours)]);
  return [...questions].flatMap((question) => {
    const difference = {
      question,
      java: java[question] ?? missing,
      ours: ours[question] ?? missing,
      comparedWith,
      reasons,
    };
    return difference.java === difference.ours ? [] : [difference];
  });
}

/**
 * The kind of a difference: a smaller input must show the same one. The reasons belong to it, without names, numbers and
 * places: otherwise a fault would turn into another one on the way to a small input.
 */
export function kindOf({ question, java, ours, comparedWith, reasons }: Difference): string {
  const kind = question.replace(/ .*/, '');
  const why = ['Java', 'this project'].flatMap((side) => {
    const reason = reasons[`${question}, ${side}`] ?? '';
    return reason === '' || (side === 'Java' ? java : ours) !== 'refused'
      ? []
      : [` (${side}: ${withoutNames(reason)})`];
  });
  return `${kind}: ${comparedWith} ${outcome(java)}, this project ${outcome(ours)}${why.join('')}`;
}

function withoutNames(reason: string): string {
  const words = reason
    .replace(/^(?:.* <- )?(?:[\w$]+\.)*([\w$]+: )/s, '$1')
    .replace(/(["'[]).*?["'\]]/gs, '…')
    .replace(/[#/\w.$]*[/.$:_\d][#/\w.$]*/g, '…')
    .replace(/\P{ASCII}+/gu, '…');
  return words.slice(0, 70);
}

const outcomes = /^(?:accepted|refused|valid|invalid|yes|no|compatible|incompatible)\b/;

function outcome(answer: string): string {
  if (answer === missing) return 'does not answer';
  return outcomes.exec(answer)?.[0] ?? 'answers';
}
