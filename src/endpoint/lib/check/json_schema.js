// SPDX-License-Identifier: MIT
'use strict';

// Turns a JSON Schema (draft 7) into a function that lists what is wrong with a value. It knows the keywords
// that schema.json uses, and refuses a schema with others: what it does not know it cannot check.

const SHOWN_CHARS = 60;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

const TYPES = {
  object: ['an object', isObject],
  array: ['an array', Array.isArray],
  string: ['a string', (value) => typeof value === 'string'],
  number: ['a number', Number.isFinite],
  integer: ['a whole number', Number.isInteger],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  null: ['null', (value) => value === null],
};

// Returns a value as JSON, in which the order of members says nothing.
function canonical(value) {
  const sorted = (key, one) => (isObject(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one);
  return JSON.stringify(value, sorted);
}

function shown(value) {
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}...` : text;
}

const NOTHING = Object.freeze([]);

// A check is a function (value, path) that returns a list of faults, { path, text }. `path` names the value,
// such as `stats.score`, and is empty for the row itself.
const fault = (path, text, value) => [{ path, text: `${path || 'the row'} ${text}${value === undefined ? '' : `, and is ${shown(value)}`}` }];
const below = (path, name) => (path === '' ? name : `${path}.${name}`);

// Makes the check of a keyword that concerns values of one kind only, and is kept or not.
const only = (concerns, isKept, text) => (value, path) =>
  concerns(value) && !isKept(value) ? fault(path, text, value) : NOTHING;

const isText = (value) => typeof value === 'string';
const length = (text) => [...text].length;

function eachMember(checkOf) {
  return (value, path) => {
    if (!isObject(value)) return NOTHING;
    return Object.keys(value).flatMap((name) => {
      const check = checkOf(name);
      return check === undefined ? NOTHING : check(value[name], below(path, name));
    });
  };
}

const all = (checks) => (value, path) => checks.flatMap((check) => check(value, path));

function required(names) {
  return (value, path) =>
    isObject(value) ? names.filter((name) => !has(value, name)).flatMap((name) => fault(below(path, name), 'is missing')) : NOTHING;
}

function not(schema, check) {
  const names = schema.required || [];
  const text = names.length > 0 ? `must not have ${names.length > 1 ? 'both ' : ''}${names.join(' and ')}` : 'is not allowed';
  return (value, path) => (check(value, path).length === 0 ? fault(path, text) : NOTHING);
}

function condition(check, then, otherwise) {
  return (value, path) => (check(value, path).length === 0 ? then : otherwise)(value, path);
}

const nothing = () => NOTHING;

// keyword: what makes its check of its value, the compiler and the schema that it stands in.
const KEYWORDS = {
  type: (name) => only((value) => value !== undefined, TYPES[name][1], `must be ${TYPES[name][0]}`),
  const: (wanted) => only(() => true, (value) => canonical(value) === canonical(wanted), `must be ${shown(wanted)}`),
  enum: (list) => only(() => true, (value) => list.includes(value), `must be one of ${list.join(', ')}`),
  required: (names) => required(names),
  properties(schemas, compiler) {
    const checks = new Map(Object.entries(schemas).map(([name, schema]) => [name, compiler.compile(schema)]));
    return eachMember((name) => checks.get(name));
  },
  additionalProperties(schema, compiler, { properties = {} }) {
    const check = compiler.compile(schema);
    return eachMember((name) => (has(properties, name) ? undefined : check));
  },
  minProperties: (least) => only(isObject, (value) => Object.keys(value).length >= least, `must have ${least} members or more`),
  minLength: (least) => only(isText, (text) => length(text) >= least, `must have ${least} characters or more`),
  maxLength: (most) => only(isText, (text) => length(text) <= most, `must have at most ${most} characters`),
  pattern(text) {
    const pattern = new RegExp(text, 'u');
    return only(isText, (value) => pattern.test(value), `must match ${text}`);
  },
  minimum: (least) => only(Number.isFinite, (value) => value >= least, `must be at least ${least}`),
  maximum: (most) => only(Number.isFinite, (value) => value <= most, `must be at most ${most}`),
  minItems: (least) => only(Array.isArray, (list) => list.length >= least, `must have ${least} items or more`),
  uniqueItems: (wanted) => only(Array.isArray, (list) => !wanted || new Set(list.map(canonical)).size === list.length, 'must not have an item twice'),
  items(schema, compiler) {
    const check = compiler.compile(schema);
    return (list, path) => (Array.isArray(list) ? list.flatMap((item, i) => check(item, `${path}[${i}]`)) : NOTHING);
  },
  allOf: (schemas, compiler) => all(schemas.map((schema) => compiler.compile(schema))),
  not: (schema, compiler) => not(schema, compiler.compile(schema)),
  if: (schema, compiler, { then, else: otherwise }) =>
    condition(compiler.compile(schema), then ? compiler.compile(then) : nothing, otherwise ? compiler.compile(otherwise) : nothing),
  $ref: (reference, compiler) => compiler.refer(reference),
};

// Read by the keyword `if`, or not meant to be checked.
const SILENT = ['then', 'else', '$schema', 'title', 'description', 'definitions'];

class Compiler {
  constructor(root) {
    this.root = root;
    // Checks of definitions by their references.
    this.definitions = new Map();
  }

  compile(schema) {
    const keywords = Object.keys(schema).filter((name) => !SILENT.includes(name));
    const unknown = keywords.find((name) => !has(KEYWORDS, name));
    if (unknown !== undefined) throw new Error(`the keyword "${unknown}" of JSON Schema is not known here`);
    return all(keywords.map((name) => KEYWORDS[name](schema[name], this, schema)));
  }

  // A definition may refer to itself, so it is compiled when it is first needed.
  refer(reference) {
    const [, name] = /^#\/definitions\/(\w+)$/.exec(reference) || [];
    if (!has(this.root.definitions || {}, String(name))) throw new Error(`the schema refers to ${reference}, which is not there`);
    return (value, path) => {
      if (!this.definitions.has(name)) this.definitions.set(name, this.compile(this.root.definitions[name]));
      return this.definitions.get(name)(value, path);
    };
  }
}

// Returns a function (value) that lists the faults of a value, { path, text }. Throws when the schema has a
// keyword that is not known here.
function compile(schema) {
  const compiler = new Compiler(schema);
  for (const definition of Object.values(schema.definitions || {})) compiler.compile(definition);
  const check = compiler.compile(schema);
  return (value) => check(value, '');
}

module.exports = { canonical, compile, isObject };
