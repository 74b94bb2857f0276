import { InvalidSchemaError } from '../../errors.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Reads the tokens of a .proto file one by one. Every mismatch is an InvalidSchemaError with the line. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  get line(): number {
    return this.peek().line;
  }

  peek(): Token {
    // Invariant: the last token is the end, and nothing moves past it.
    return this.#tokens[this.#at] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** Whether the next token is this word or symbol. */
  isAt(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.kind === 'word' || token.kind === 'symbol');
  }

  take(text: string): boolean {
    const isHere = this.isAt(text);
    if (isHere) this.#at += 1;
    return isHere;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(text);
  }

  name(): string {
    if (this.peek().kind !== 'word') this.fail('a name');
    return this.next().text;
  }

  /** Names joined by dots. The dots are tokens of their own, so comments and spaces may surround them. */
  dottedName(): string {
    let name = this.name();
    while (this.take('.')) name += `.${this.name()}`;
    return name;
  }

  /** A dotted name as it refers to a type: with a leading dot, if it is a full name. */
  reference(): string {
    return this.take('.') ? `.${this.dottedName()}` : this.dottedName();
  }

  /** Adjacent string literals are one string. */
  string(): string {
    if (this.peek().kind !== 'string') this.fail('a string');
    let text = '';
    while (this.peek().kind === 'string') text += this.next().text;
    return text;
  }

  /** @param max the largest allowed value */
  integer(max = 2 ** 31 - 1): number {
    const { kind, text } = this.peek();
    if (kind !== 'number' || !/^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(text)) {
      this.fail('an integer');
    }
    const value = Number(/^0[0-7]/.test(text) ? `0o${text.slice(1)}` : text);
    if (value > max) this.reject(`expected an integer up to ${max}`);
    this.next();
    return value;
  }

  /** An integer of 32 bits. */
  signedInteger(): number {
    // Not -0, which would print another text.
    return this.take('-') ? 0 - this.integer(2 ** 31) : this.integer();
  }

  fail(expected: string): never {
    const { kind, text } = this.peek();
    const found = kind === 'end' ? text : `'${text.slice(0, 40)}'`;
    this.reject(`expected ${expected}, found ${found}`);
  }

  reject(reason: string, line: number = this.line): never {
    throw new InvalidSchemaError(`line ${line}: ${reason}`);
  }
}
