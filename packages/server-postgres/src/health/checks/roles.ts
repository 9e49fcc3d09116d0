// What the role could do that a reader does not need. This covers its own rights, those of PUBLIC, and those of every
// role that it inherits from, can switch to with SET ROLE, or can grant to itself.
const canBe = (version: number) =>
  (version >= 160000 ? ["USAGE", "SET", "MEMBER WITH ADMIN OPTION"] : ["MEMBER"])
    .map((way) => `pg_has_role(current_user, r.oid, '${way}')`)
    .join(" OR ");

/** The roles that the current one can act as. */
export const mine = (version: number) =>
  `mine AS MATERIALIZED (SELECT r.oid, r.rolname FROM pg_roles r WHERE ${canBe(version)})`;
