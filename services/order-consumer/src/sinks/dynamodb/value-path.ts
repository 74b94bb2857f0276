/** The value does not fit into an item. Its place is the path at the moment of the throw. */
export class MisfitError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'MisfitError';
  }
}

/** DynamoDB counts the attribute as the first level. */
const maxLevels = 32;

export type ValuePath = ReturnType<typeof createValuePath>;

/** Where in a value a conversion is. */
export function createValuePath() {
  const names: (string | number)[] = [];
  const areContent: boolean[] = [];
  return {
    /**
     * @param isContent whether the name comes from the record and may not be in its schema, as the keys of a map
     * @throws MisfitError the value is nested deeper than DynamoDB allows
     */
    enter(name: string | number, isContent = false): void {
      names.push(name);
      areContent.push(isContent);
      if (names.length > maxLevels)
        throw new MisfitError(`expected at most ${maxLevels} levels of lists and maps`);
    },
    leave(): void {
      names.pop();
      areContent.pop();
    },
    /**
     * The JSON pointer (RFC 6901), after which the path begins again at the root. Names that are content of the record are `*`,
     * unless the definition has such a word.
     */
    end(definition: string): string {
      let words: Set<string> | undefined;
      const isDeclared = (name: string) => {
        words ??= new Set(definition.match(/[\p{L}\p{N}_$-]+/gu));
        return words.has(name);
      };
      const pointer = names
        .map((name, index) => {
          if (typeof name === 'number') return `/${name}`;
          if (areContent[index] && !isDeclared(name)) return '/*';
          return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        })
        .join('');
      names.length = 0;
      areContent.length = 0;
      return pointer;
    },
  };
}
