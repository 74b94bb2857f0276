/** Control and format characters: some of them move the cursor, change the title of the window or reverse the text. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of a record or of another program, safe on a terminal and on one line: control characters become `\u001b`. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n'
      ? '\\n'
      : [...Array(character.length).keys()]
          .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}
