import fc, { type GeneratorValue } from 'fast-check';
import { pick } from '../../conformance/draw-schema.ts';
import { builtinFiles } from './builtin-files.ts';

interface Declared {
  kind: 'message' | 'enum';
  name: string;
  /** With the package, without a leading dot. */
  fullName: string;
  children: Declared[];
  symbols: string[];
}

interface File {
  isProto3: boolean;
  packageName: string;
  declared: Declared[];
  imported: string[];
  symbols: { next: number };
  /** Something that a parser may refuse is drawn once in so many draws. 0: never. */
  oddity: number;
}

const scalars = [
  ...['int32', 'sint32', 'sfixed32', 'uint32', 'fixed32', 'int64', 'sint64', 'sfixed64'],
  ...['uint64', 'fixed64', 'bool', 'string', 'bytes', 'float', 'double'],
];
const keyTypes = ['int32', 'sint64', 'uint64', 'fixed32', 'sfixed64', 'bool', 'string'];
const packages = ['', 'shop', 'shop.v1', 'a', 'a.b.c', 'Item', 'A.B', 'google.shop', 'foo.shop'];
// Few, so that inner names hide outer ones, packages among them.
const typeNames = [
  'A',
  'B',
  'C',
  'Item',
  'shop',
  'a',
  'Order',
  'Kind',
  'string_',
  'google',
  'v1',
  'Any',
];
const fieldNames = [
  ...[
    'id',
    'order_id',
    'orderId',
    '_x',
    'a',
    'b2',
    'A',
    'x_1',
    'value',
    'a_b_c',
    'to_string',
    'constructor',
  ],
  ...[
    'message',
    'package',
    'option',
    'syntax',
    'string',
    'enum',
    'rpc',
    'optional',
    'repeated',
    'map',
    'oneof',
  ],
  ...[
    'reserved',
    'extensions',
    'int32',
    'true',
    'inf',
    'import',
    'to',
    'max',
    'group',
    'required',
    'class',
    'aB',
    'a__b',
    'a_',
    'A_B',
  ],
];

/** A .proto file as people write it: nested names, relative references, imports of built-in files, options, comments. */
export function drawProtoText(g: GeneratorValue): string {
  const file: File = {
    isProto3: g(fc.nat, 2) > 0,
    packageName: once(g, 12) ? '' : pick(g, packages),
    declared: [],
    imported: [],
    symbols: { next: 0 },
    oddity: g(fc.constantFrom, 0, 0, 0, 60, 25),
  };
  const imports = once(g, 3)
    ? Array.from({ length: 1 + g(fc.nat, 1) }, () => pick(g, Object.keys(builtinFiles)))
    : [];
  file.imported = [...new Set(imports)].flatMap((path) => builtinFiles[path] ?? []);
  if (file.oddity > 0 && once(g, 20)) imports.push('unknown/file.proto');
  file.declared = drawDeclared(g, file, file.packageName, 0);
  const body = file.declared.map((one) => print(g, file, one, ''));
  if (once(g, 4)) body.push(drawService(g, file));
  if (!file.isProto3 && once(g, 4)) body.push(drawExtend(g, file, ''));
  const options = once(g, 3) ? pickSome(g, fileOptions, 1, 3).map((one) => `option ${one};`) : [];
  const head = [
    file.packageName === '' ? '' : `package ${file.packageName};`,
    ...new Set(imports.map((path) => `import ${once(g, 12) ? 'public ' : ''}"${path}";`)),
    ...options,
  ];
  const syntax = file.isProto3 ? 'syntax = "proto3";' : once(g, 3) ? '' : 'syntax = "proto2";';
  return dress(g, [syntax, ...shuffled(g, head), ...shuffled(g, body)].filter(Boolean).join('\n'));
}

const fileOptions = [
  ...['java_package = "com.ex"', 'java_multiple_files = true', 'java_outer_classname = "Outer"'],
  ...[
    'go_package = "ex/shop;shop"',
    'optimize_for = SPEED',
    'csharp_namespace = "Ex"',
    'deprecated = true',
  ],
  ...["objc_class_prefix = 'EX'", 'cc_enable_arenas = true', 'php_namespace = "Ex"'],
];

function drawDeclared(g: GeneratorValue, file: File, outer: string, depth: number): Declared[] {
  const used = new Set<string>();
  const count = depth === 0 ? 1 + g(fc.nat, 3) : g(fc.nat, depth === 1 ? 2 : 1);
  return Array.from({ length: count }, () => {
    let name = pick(g, typeNames);
    // A name that is also a package of a file brought along.
    const isTaken = (one: string) => used.has(one) || (outer === '' && one === 'google');
    while (isTaken(name) && !odd(g, file)) name = `${pick(g, typeNames)}${used.size}`;
    used.add(name);
    const fullName = outer === '' ? name : `${outer}.${name}`;
    const kind = once(g, 4) ? 'enum' : 'message';
    const children =
      kind === 'message' && depth < 3 && once(g, depth + 1)
        ? drawDeclared(g, file, fullName, depth + 1)
        : [];
    const symbols = Array.from({ length: 1 + g(fc.nat, 2) }, () => `S${file.symbols.next++}`);
    return { kind, name, fullName, children, symbols };
  });
}

function print(g: GeneratorValue, file: File, one: Declared, indent: string): string {
  return one.kind === 'enum' ? printEnum(g, file, one, indent) : printMessage(g, file, one, indent);
}

function printEnum(
  g: GeneratorValue,
  file: File,
  { name, symbols }: Declared,
  indent: string,
): string {
  const inner = `${indent}  `;
  const first = file.isProto3 && !odd(g, file) ? 0 : g(fc.constantFrom, 0, 0, 1, -1, 5);
  const lines = symbols.map((symbol, index) => {
    const number = first + index * pick(g, [1, 1, 7]);
    const option = once(g, 12) ? ' [deprecated = true]' : '';
    return `${symbol} = ${numberText(g, number)}${option};`;
  });
  if (once(g, 5)) {
    const alias = `S${file.symbols.next++}`;
    if (!odd(g, file)) lines.unshift('option allow_alias = true;');
    lines.push(`${alias} = ${first};`);
  }
  if (once(g, 8))
    lines.push(
      pick(g, [
        'reserved 100 to 200;',
        'reserved "OLD";',
        'reserved 900 to max;',
        'reserved 50, 60;',
      ]),
    );
  return `${indent}enum ${name} {\n${lines.map((line) => inner + line).join('\n')}\n${indent}}`;
}

function printMessage(g: GeneratorValue, file: File, one: Declared, indent: string): string {
  const inner = `${indent}  `;
  const used = new Set<string>();
  const numbers = g(
    fc.uniqueArray,
    fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 18_000 })),
    { minLength: 12, maxLength: 12 },
  );
  const nextNumber = () => {
    if (odd(g, file)) return pick(g, [0, 19_500, 2 ** 29, -1, numbers[0] as number]);
    return numbers.pop() as number;
  };
  const nextName = () => {
    let name = pick(g, fieldNames);
    const key = () => name.replaceAll('_', '').toLowerCase();
    while (used.has(key()) && !odd(g, file)) name = `f${used.size}`;
    used.add(key());
    return name;
  };
  const parts = one.children.map((child) => print(g, file, child, inner));
  for (let count = g(fc.nat, 5); count > 0; count -= 1)
    parts.push(inner + drawField(g, file, one, nextName(), nextNumber()));
  if (once(g, 3)) {
    const members = Array.from(
      { length: 1 + g(fc.nat, 1) },
      () => `${drawType(g, file, one)} ${nextName()} = ${nextNumber()};`,
    );
    parts.push(`${inner}oneof ${once(g, 2) ? 'choice' : nextName()} { ${members.join(' ')} }`);
  }
  if (once(g, 6))
    parts.push(
      inner +
        pick(g, [
          'reserved 18500 to 18600;',
          'reserved "gone", "lost";',
          'reserved 18001, 18100 to 18200;',
          'reserved 18900 to 18950;',
        ]),
    );
  if (!file.isProto3 && once(g, 4)) {
    parts.push(`${inner}extensions 20000 to ${pick(g, ['20100', 'max'])};`);
    if (once(g, 2)) parts.push(inner + drawExtend(g, file, one.fullName));
  }
  if (once(g, 10)) parts.push(`${inner}option deprecated = true;`);
  if (once(g, 10)) parts.push(`${inner};`);
  return `${indent}message ${one.name} {\n${shuffled(g, parts).join('\n')}\n${indent}}`;
}

function drawField(
  g: GeneratorValue,
  file: File,
  inside: Declared,
  name: string,
  number: number,
): string {
  const options: string[] = [];
  const place = (type: string, label: string) =>
    `${label}${type} ${name} = ${numberText(g, number)}${options.length > 0 ? ` [${options.join(', ')}]` : ''};`;
  if (once(g, 10)) options.push('deprecated = true');
  if (once(g, 10))
    options.push(`json_name = "${pick(g, ['other', 'x-y', '@type', 'ID', 'a b', ''])}"`);
  if (once(g, 6)) {
    const value = drawType(g, file, inside);
    return place(
      `map<${odd(g, file) ? pick(g, ['double', 'bytes', 'A']) : pick(g, keyTypes)}, ${value}>`,
      '',
    );
  }
  const type = drawType(g, file, inside);
  const isScalar = scalars.includes(type);
  if (once(g, 5)) {
    if (isScalar && type !== 'string' && type !== 'bytes' && once(g, 2))
      options.push(`packed = ${g(fc.boolean)}`);
    return place(type, 'repeated ');
  }
  if (file.isProto3) return place(type, once(g, 5) ? 'optional ' : odd(g, file) ? 'required ' : '');
  if (isScalar && once(g, 3)) options.push(`default = ${defaultText(g, type)}`);
  return place(type, odd(g, file) ? '' : once(g, 5) && isScalar ? 'required ' : 'optional ');
}

function defaultText(g: GeneratorValue, type: string): string {
  switch (type) {
    case 'bool':
      return pick(g, ['true', 'false']);
    case 'string':
      return pick(g, [
        '"a"',
        "'b'",
        '"\\n\\"ü"',
        '"a" "b"',
        '"\\x41\\101"',
        '"\\u00fc"',
        '""',
        '"it\'s"',
        "'\"'",
        '"\\\\"',
        '"a\\\\nb"',
        '"a\\nb"',
      ]);
    case 'bytes':
      return pick(g, ['"a"', '"a"', '""', '"\\001"', '"a" "b"', '"a b"']);
    case 'float':
    case 'double':
      return pick(g, ['0.5', '-1.5', 'inf', '-inf', 'nan', '1e3', '2', '.5', '1.']);
    default:
      return pick(g, [
        '0',
        '5',
        '0x1F',
        '017',
        ...(type.startsWith('u') || type.startsWith('f') ? [] : ['-5']),
      ]);
  }
}

function drawType(g: GeneratorValue, file: File, inside: Declared): string {
  if (g(fc.nat, 9) < 4) return pick(g, scalars);
  if (file.imported.length > 0 && g(fc.nat, 2) > 0) {
    const full = pick(g, file.imported);
    return once(g, 3) ? `.${full}` : full;
  }
  const all = flattened(file.declared);
  const target = pick(g, all).fullName;
  const path = target.split('.');
  switch (g(fc.nat, 9)) {
    case 0:
      return `.${target}`;
    case 1:
    case 2:
      return target;
    case 3:
      if (odd(g, file))
        return pick(g, [
          '.A',
          'A.A',
          'None',
          `.${path.at(-1)}`,
          'shop.A',
          'google.protobuf.Timestamp',
          'Timestamp',
        ]);
      return path.slice(g(fc.nat, path.length - 1)).join('.');
    case 4:
    case 5: {
      // A name that this message can see for certain, by the rules of protoc.
      const near = inside.children.length > 0 ? pick(g, inside.children) : inside;
      return near.name;
    }
    default:
      return visibleName(g, file, inside, target);
  }
}

/** The part of the name that differs from the place: mostly what a person writes. */
function visibleName(g: GeneratorValue, file: File, inside: Declared, target: string): string {
  const here = inside.fullName.split('.');
  const path = target.split('.');
  let common = 0;
  while (common < path.length - 1 && path[common] === here[common]) common += 1;
  const from = once(g, 3) ? g(fc.nat, common) : common;
  return path.slice(odd(g, file) ? path.length - 1 : from).join('.');
}

function flattened(declared: readonly Declared[]): Declared[] {
  return declared.flatMap((one) => [one, ...flattened(one.children)]);
}

function drawService(g: GeneratorValue, file: File): string {
  const messages = flattened(file.declared).filter(({ kind }) => kind === 'message');
  if (messages.length === 0) return '';
  const type = () => `${once(g, 4) ? 'stream ' : ''}${pick(g, messages).fullName}`;
  const rpc = (name: string) =>
    `  rpc ${name}(${type()}) returns (${type()})${pick(g, [';', ' {}', ' { option deprecated = true; }', '{};'])}`;
  return `service Shop${file.symbols.next++} {\n${rpc('Get')}\n${rpc('Put')}\n}`;
}

function drawExtend(g: GeneratorValue, file: File, outer: string): string {
  const messages = flattened(file.declared).filter(({ kind }) => kind === 'message');
  if (messages.length === 0) return '';
  const target = pick(g, messages).fullName;
  const name = `ext_${file.symbols.next++}`;
  const label = odd(g, file) ? 'required' : once(g, 4) ? 'repeated' : 'optional';
  // Some are the number of another extension, or of a field.
  const number = odd(g, file) ? pick(g, [0, 1, 2, 3, 19_500, 2 ** 29]) : 20_000 + g(fc.nat, 90);
  return `extend ${outer === '' ? target : `.${target}`} { ${label} ${pick(g, scalars)} ${name} = ${number}; }`;
}

/** Without octal numbers, which Square Wire reads as decimal. */
function numberText(g: GeneratorValue, number: number): string {
  return number > 0 && once(g, 25) ? `0x${number.toString(16)}` : String(number);
}

const comments = [
  '/* c */',
  '// c\n',
  '/**/',
  '/* ; } */',
  '// { "x\n',
  '/** doc\n * more */\n',
  "// it's\n",
];

/** White space and comments where a person or a formatter may put them: between any two words or signs. */
function dress(g: GeneratorValue, text: string): string {
  const style = g(fc.nat, 5);
  if (style < 3) return text;
  if (style === 3) return text.replaceAll('\n', '\r\n');
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\s+|-?[\w.]+|[\s\S]/g) ?? [];
  const every = g(fc.constantFrom, 2, 6, 20);
  return tokens
    .map((token) => {
      if (!once(g, every)) return token;
      const comment = pick(g, comments);
      // A comment may stand for white space.
      return /^\s+$/.test(token) && once(g, 2) ? comment : comment + token;
    })
    .join('');
}

function shuffled<T>(g: GeneratorValue, from: readonly T[]): T[] {
  const left = [...from];
  return from.map(() => left.splice(g(fc.nat, left.length - 1), 1)[0] as T);
}

function pickSome<T>(g: GeneratorValue, from: readonly T[], min: number, max: number): T[] {
  return shuffled(g, from).slice(0, min + g(fc.nat, max - min));
}

function odd(g: GeneratorValue, { oddity }: File): boolean {
  return oddity > 0 && once(g, oddity);
}

function once(g: GeneratorValue, times: number): boolean {
  return g(fc.nat, times - 1) === 0;
}
