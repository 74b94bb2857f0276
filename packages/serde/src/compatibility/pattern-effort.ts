import { type PatternNode, start } from './pattern-syntax.ts';

/** What backtracking from one place of a text takes at most, as numbers that grow with the length of the text. */
interface Effort {
  /** Nodes of the pattern that are tried. */
  readonly tries: number;
  /** Ways in which the pattern can match, each of which is tried when what follows does not match. */
  readonly ways: number;
}

// JavaScript compiles nested groups by calls inside each other: whether it can must not depend on the stack.
const maxDepth = 20;
const unknown: Effort = { tries: Number.POSITIVE_INFINITY, ways: Number.POSITIVE_INFINITY };

/**
 * How many nodes of a pattern JavaScript tries at most to find a match in a text of this length; infinite if that is not
 * known, which it is for characters that repeat, choices and what is optional, and not for groups that repeat and lookarounds.
 */
export function backtrackingEffort(pattern: PatternNode, length: number): number {
  const isAnchored = pattern.kind === 'sequence' && isStart(pattern.parts[0]);
  return effortOf(pattern, 0).tries * (isAnchored ? 1 : length + 1);

  function effortOf(node: PatternNode, depth: number): Effort {
    if (depth > maxDepth) return unknown;
    switch (node.kind) {
      case 'character':
      case 'place':
        return { tries: 1, ways: 1 };
      case 'sequence': {
        let [tries, ways] = [1, 1];
        for (const part of node.parts) {
          const next = effortOf(part, depth + 1);
          tries += ways * next.tries;
          ways *= next.ways;
          if (!Number.isFinite(tries)) return unknown;
        }
        return { tries, ways };
      }
      case 'choice': {
        const efforts = node.parts.map((part) => effortOf(part, depth + 1));
        return {
          tries: 1 + efforts.reduce((sum, { tries }) => sum + tries, 0),
          ways: efforts.reduce((sum, { ways }) => sum + ways, 0),
        };
      }
      case 'repeat': {
        if (node.part.kind === 'character') {
          const most = Math.min(node.most, length);
          return { tries: most + 2, ways: Math.max(1, most - node.least + 1) };
        }
        if (node.least !== 0 || node.most !== 1) return unknown;
        const { tries, ways } = effortOf(node.part, depth + 1);
        return { tries: tries + 1, ways: ways + 1 };
      }
      case 'look':
        return unknown;
    }
  }
}

function isStart(node: PatternNode | undefined): boolean {
  return node?.kind === 'place' && node.place === start;
}
