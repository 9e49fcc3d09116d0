import { quote, ToolError } from "@org/server-kit";

/** What the options allow to be read, within the role's own rights. */
export interface Policy {
  readonly allowsSuperuser: boolean;
  /** Functions that may run although the guard would refuse them, as `name` or `schema.name`. */
  readonly functions: ReadonlySet<string>;
  /** Whether `--schemas` or `--tables` restrict what may be read. */
  readonly isNarrowed: boolean;
  readonly schemas: readonly string[];
  /** Whether a table, view or sequence may be read. PostgreSQL's own catalogues are always allowed. */
  allows(schema: string, table: string): boolean;
  /** Whether `--tables` lists it; for a view, this also allows everything it shows. */
  names(schema: string, table: string): boolean;
  /** Whether settings that may contain a password are refused, which is when the role can see one. */
  readonly hidesSettings: boolean;
  readonly hasMasks: boolean;
  /** Columns of the table whose values are never shown. */
  masked(schema: string, table: string): ReadonlySet<string>;
}

export interface PolicyOptions {
  readonly schemas: readonly string[];
  readonly tables: readonly string[];
  readonly mask: readonly string[];
  readonly functions: readonly string[];
  readonly allowSuperuser: boolean;
}

interface Name {
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
}

const NONE: ReadonlySet<string> = new Set();

/** @throws ToolError `invalid_input` for an invalid name */
export function createPolicy(options: PolicyOptions): Policy {
  const tables = options.tables.map((text) => tableName(text));
  const masks = options.mask.map(columnName);
  const schemas = new Set(options.schemas);
  const isNarrowed = schemas.size > 0 || tables.length > 0;
  const isOf = (name: Name, schema: string, table: string) =>
    name.table === table && (name.schema === undefined || name.schema === schema);
  const names = (schema: string, table: string) => tables.some((name) => isOf(name, schema, table));
  return {
    allowsSuperuser: options.allowSuperuser,
    functions: new Set(options.functions),
    isNarrowed,
    schemas: options.schemas,
    hidesSettings: false,
    allows: (schema, table) =>
      !isNarrowed ||
      schema === "pg_catalog" ||
      schema === "information_schema" ||
      names(schema, table) ||
      // With both options, --tables narrows the schemas further.
      (tables.length === 0 && schemas.has(schema)),
    names,
    hasMasks: masks.length > 0,
    masked(schema, table) {
      const found = masks.filter((name) => isOf(name, schema, table));
      return found.length > 0 ? new Set(found.map(({ column }) => column)) : NONE;
    },
  };
}

/** Names as in SQL: ASCII letters become lower case unless quoted. */
function parts(text: string): readonly string[] {
  const found = [...text.matchAll(/"((?:[^"]|"")*)"|([^".\s]+)/g)];
  const rest = text.replace(/"(?:[^"]|"")*"|[^".\s]+/g, "");
  if (!/^\.*$/.test(rest) || rest.length !== found.length - 1) return [];
  return found.map(
    ([, quoted, bare = ""]) =>
      quoted?.replaceAll('""', '"') ?? bare.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  );
}

function tableName(text: string): Name {
  const found = parts(text);
  const [schema, table] = found.length === 1 ? [undefined, found[0]] : found;
  if (table !== undefined && found.length <= 2) return { schema, table, column: "" };
  throw new ToolError("invalid_input", `--tables: ${quote(text)} is not table or schema.table.`);
}

function columnName(text: string): Name {
  const found = parts(text);
  const [column, table, schema] = found.toReversed();
  if (column !== undefined && table !== undefined && found.length <= 3) return { schema, table, column };
  throw new ToolError("invalid_input", `--mask: ${quote(text)} is not table.column or schema.table.column.`);
}
