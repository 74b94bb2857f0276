import { _, type KeywordCxt, type Name } from 'ajv';
import { Type } from 'ajv/dist/compile/util.js';

/** `checkOthers` for the properties of an object. `param` names a property in an error. */
export function checkOtherProperties(context: KeywordCxt, evaluated: Name, param: string): void {
  const { gen, data } = context;
  checkOthers(context, evaluated, (check) => {
    gen.forIn('key', data, (key) => {
      context.setParams({ [param]: key });
      check(key, Type.Str);
    });
  });
}

/**
 * Generates the check of each member that the schemas beside a keyword leave to it.
 *
 * @param context of the keyword
 * @param evaluated the keys of the other members, in an object with `has`; `true` for all
 */
export function checkOthers(
  context: KeywordCxt,
  evaluated: Name,
  eachMember: (check: (key: Name, type: Type) => void) => void,
): void {
  const { gen, keyword, schema, it } = context;
  const valid = gen.let('valid', true);
  gen.if(_`${evaluated} !== true`, () => {
    eachMember((key, type) => {
      gen.if(_`!${evaluated}.has(${key})`, () => {
        if (schema === false) {
          context.error();
          stop();
          return;
        }
        const matches = gen.name('valid');
        context.subschema({ keyword, dataProp: key, dataPropType: type }, matches);
        gen.if(_`!${matches}`, stop);
      });
    });
  });
  context.ok(valid);

  function stop(): void {
    gen.assign(valid, false);
    if (!it.allErrors) gen.break();
  }
}
