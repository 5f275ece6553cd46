// The types of what the server answers, from docs/openapi.yaml: src/generated.ts, made anew at every build and never kept,
// so that the pages cannot believe anything the server does not promise.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const here = path.dirname(fileURLToPath(import.meta.url));
const described = path.resolve(here, '../../docs/openapi.yaml');

const literal = (value) => JSON.stringify(value);
function type_of(schema) {
  if (schema.$ref)
    return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.oneOf ?? schema.anyOf)
    return (schema.oneOf ?? schema.anyOf).map(type_of).join(' | ');
  if (schema.allOf)
    return schema.allOf.map((one) => `(${type_of(one)})`).join(' & ');
  if (schema.const !== undefined)
    return literal(schema.const);
  if (schema.enum)
    return schema.enum.map(literal).join(' | ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => type_of({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'object': return object_of(schema);
    case 'array': return `(${type_of(schema.items ?? {})})[]`;
    case 'integer': case 'number': return 'number';
    case 'boolean': case 'string': case 'null': return schema.type;
    default: return 'unknown';
  }
}
function object_of({ properties, required = [], additionalProperties }) {
  if (!properties)
    return `Record<string, ${typeof additionalProperties === 'object' ? type_of(additionalProperties) : 'unknown'}>`;
  return `{ ${Object.entries(properties).map(([name, one]) =>
    `${literal(name)}${required.includes(name) ? '' : '?'}: ${type_of(one)};`).join(' ')} }`;
}

export function write_types() {
  const { components } = parse(fs.readFileSync(described, 'utf8'));
  const lines = Object.entries(components.schemas).map(([name, schema]) => `export type ${name} = ${type_of(schema)};`);
  fs.writeFileSync(path.join(here, 'src/generated.ts'), `// Made by types.mjs from docs/openapi.yaml.\n${lines.join('\n')}\n`);
}
if (process.argv[1] === fileURLToPath(import.meta.url))
  write_types();
