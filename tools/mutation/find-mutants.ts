import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import {
  isArrowFunction,
  isBigIntLiteral,
  isBinaryExpression,
  isBlock,
  isBreakOrContinueStatement,
  isCallExpression,
  isConditionalExpression,
  isDoStatement,
  isExpressionStatement,
  isForStatement,
  isIfStatement,
  isImportDeclaration,
  isNumericLiteral,
  isPostfixUnaryExpression,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  isReturnStatement,
  isThrowStatement,
  isTypeNode,
  isWhileStatement,
} from 'typescript/unstable/ast/is';
import type { Mutant } from './mutant.ts';

/** Comparisons move their boundary, and are reversed. */
const operators: Record<string, readonly string[]> = {
  ...{ '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'] },
  ...{ '===': ['!=='], '!==': ['==='], '&&': ['||'], '||': ['&&'] },
  ...{ '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'] },
  ...{ '&': ['|'], '|': ['&'], '^': ['&'], '<<': ['>>'], '>>': ['<<'], '>>>': ['<<'] },
  ...{ '+=': ['-='], '-=': ['+='], '??=': ['='], '||=': ['='], '&&=': ['='] },
};

const methods: Record<string, string> = {
  ...{ min: 'max', max: 'min', some: 'every', every: 'some' },
  ...{ startsWith: 'endsWith', endsWith: 'startsWith', floor: 'ceil', ceil: 'floor' },
};

/**
 * Every mutant of a file, in the order of the text. Texts of strings and templates stay, because most are messages.
 * Changes that do not compile are among the mutants: `tools/mutation/compiler.ts` finds those.
 */
export function findMutants(source: SourceFile): Mutant[] {
  const mutants: Mutant[] = [];
  /** Statements that need no mutant, because a condition that is always false removes them too. */
  const covered = new Set<Node>();

  const replace = (node: Node, ...replacements: readonly string[]) => {
    for (const replacement of replacements)
      mutants.push({
        ...{ file: source.fileName, start: node.getStart(source), end: node.getEnd() },
        replacement,
      });
  };
  const text = (node: Node) => node.getText(source);

  function visitExpression(node: Node): void {
    if (isBinaryExpression(node)) {
      const operator = text(node.operatorToken);
      replace(node.operatorToken, ...(operators[operator] ?? []));
      if (operator === '??') replace(node, `(${text(node.left)})!`, `(${text(node.right)})`);
    } else if (isPrefixUnaryExpression(node)) {
      if (node.operator === SyntaxKind.ExclamationToken) replace(node, text(node.operand));
      if (node.operator === SyntaxKind.MinusToken) replace(node, `(${text(node.operand)})`);
      if (node.operator === SyntaxKind.PlusPlusToken) replace(node, `--${text(node.operand)}`);
    } else if (isPostfixUnaryExpression(node)) {
      const increases = node.operator === SyntaxKind.PlusPlusToken;
      replace(node, `${text(node.operand)}${increases ? '--' : '++'}`);
    } else if (isNumericLiteral(node)) replace(node, `(${text(node)} + 1)`, `(${text(node)} - 1)`);
    else if (isBigIntLiteral(node)) replace(node, `(${text(node)} + 1n)`, `(${text(node)} - 1n)`);
    else if (node.kind === SyntaxKind.TrueKeyword) replace(node, 'false');
    else if (node.kind === SyntaxKind.FalseKeyword) replace(node, 'true');
    else if (node.kind === SyntaxKind.QuestionDotToken) {
      const follows = source.text[node.getEnd()] as string;
      replace(node, /[[(]/.test(follows) ? '!' : '!.');
    } else if (isConditionalExpression(node)) replace(node.condition, 'true', 'false');
    else if (isArrowFunction(node) && !isBlock(node.body)) replaceValue(node.body);
    else if (isCallExpression(node) && isPropertyAccessExpression(node.expression)) {
      const other = methods[text(node.expression.name)];
      if (other !== undefined) replace(node.expression.name, other);
    }
  }

  function replaceValue(node: Node): void {
    if (text(node) === 'undefined') return;
    const values = ['undefined', 'true', 'false', '[]'];
    replace(node, ...values.filter((value) => value !== text(node)));
  }

  function visitStatement(node: Node): void {
    if (isIfStatement(node)) {
      replace(node.expression, 'true', 'false');
      if (node.elseStatement === undefined) covered.add(node.thenStatement);
    } else if (isWhileStatement(node) || isDoStatement(node)) replace(node.expression, 'false');
    else if (isForStatement(node) && node.condition) replace(node.condition, 'false');
    else if (isReturnStatement(node) && node.expression) replaceValue(node.expression);
    else if (isRemovable(node) && !covered.has(node)) replace(node, ';');
    else if (isBlock(node) && !covered.has(node)) {
      const [first, second] = node.statements;
      // Removing the only statement of a block is the same as emptying the block.
      if (first !== undefined && (second !== undefined || !isRemovable(first))) replace(node, '{}');
    }
  }

  function visit(node: Node): void {
    if (isTypeNode(node) || isImportDeclaration(node)) return;
    visitExpression(node);
    visitStatement(node);
    node.forEachChild(visit);
  }
  source.forEachChild(visit);
  return mutants.sort((a, b) => a.start - b.start);
}

function isRemovable(node: Node): boolean {
  if (isReturnStatement(node)) return node.expression === undefined;
  return isExpressionStatement(node) || isThrowStatement(node) || isBreakOrContinueStatement(node);
}
