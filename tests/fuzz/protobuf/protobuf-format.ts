import { canonicalProtobuf } from '@order-stream/serde/compatibility';
import { compileProtobuf } from '@order-stream/serde/protobuf';
import fc from 'fast-check';
import { drawProto } from '../../conformance/draw-proto.ts';
import type { Answers, FuzzFormat } from '../fuzz-format.ts';
import { ourAnswer } from '../our-answer.ts';
import { valueSeedOf } from '../seeded-draw.ts';
import { protoGrammar, smallerTexts } from '../text-parts.ts';
import { drawProtoText } from './draw-proto-text.ts';
import { plainProto } from './plain-proto.ts';

export interface ProtobufInput {
  schema: string;
  /** Java draws the values, so that a smaller file has values as well. */
  valueSeed: number;
}

interface JavaFile {
  refused?: string;
  /** As the library registers the file. */
  text?: string;
  unprintable?: string;
  values?: {
    message: string;
    value?: string;
    body?: string;
    read?: string;
    readAs?: string;
    failed?: string;
  }[];
}

const perMessage = 2;
const target = Buffer.alloc(1024 * 1024);

export const protobufFormat: FuzzFormat<ProtobufInput> = {
  name: 'protobuf',

  draw(g) {
    const valueSeed = valueSeedOf(g);
    if (g(fc.nat, 5) === 0) return { schema: drawProto(g, 1).schema, valueSeed };
    return { schema: drawProtoText(g), valueSeed };
  },

  async compare({ schema, valueSeed }, process) {
    const java: Answers = {};
    const ours: Answers = {};
    const reasons: Record<string, string> = {};
    const request = { do: 'protobuf', schema, valueSeed, perMessage };
    const file = await process.call<JavaFile>(request);
    java.parse = file.refused === undefined ? 'accepted' : 'refused';
    if (file.refused !== undefined) reasons['parse, Java'] = file.refused;
    ours.parse = ourAnswer(reasons, 'parse', () => {
      compileProtobuf({ definition: schema }, { framing: 'glue' });
      return 'accepted';
    });
    if (java.parse !== 'accepted' || ours.parse !== 'accepted') return { java, ours, reasons };
    const { text, values = [] } = file;
    if (text !== undefined && !lostByJava.test(plainProto(schema))) {
      java.printed = 'yes';
      ours.printed = ourAnswer(reasons, 'printed', () =>
        canonicalProtobuf(text) === canonicalProtobuf(schema) ? 'yes' : 'no',
      );
      reasons['printed, Java'] = text;
    }
    for (const [index, { message, value, body, read, readAs, failed }] of values.entries()) {
      if (failed !== undefined) reasons[`body ${index}, Java`] = failed;
      if (value === undefined) continue;
      const choice = { framing: 'glue', message } as const;
      const codec = () => compileProtobuf({ definition: schema }, choice, { values: 'json' });
      reasons[`body ${index}, value`] = `${message} ${value}`;
      java[`body ${index}`] = body === undefined ? 'refused' : hex(body);
      ours[`body ${index}`] = ourAnswer(reasons, `body ${index}`, () =>
        target.toString('hex', 0, codec().encode(JSON.parse(value), target, 0)),
      );
      if (body === undefined || read === undefined) continue;
      java[`value ${index}`] = `${readAs} ${sortedJson(read)}`;
      ours[`value ${index}`] = ourAnswer(reasons, `value ${index}`, () => {
        const decoded = codec().decode(Buffer.from(body, 'base64'), 0) as Record<string, unknown>;
        return `${decoded.$typeName ?? message} ${sortedJson(JSON.stringify(decoded))}`;
      });
    }
    return { java, ours, reasons };
  },

  *shrink({ schema, valueSeed }) {
    for (const smaller of smallerTexts(schema, protoGrammar)) yield { schema: smaller, valueSeed };
  },

  print: ({ schema, valueSeed }) => `schema ${JSON.stringify(schema)}\nvalueSeed ${valueSeed}`,
};

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

/** What Java leaves out when it prints a file: reserved numbers of enums, and options that it does not know. */
const lostByJava = /\benum\b[^}]*\breserved\b|\bdeprecated\b/;

/** Floats are rounded, because Java 17 does not always print one with the fewest digits; the bodies show them exactly. */
function sortedJson(text: string): string {
  return JSON.stringify(JSON.parse(text), (_key, value) => {
    if (typeof value === 'number') return Math.fround(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
