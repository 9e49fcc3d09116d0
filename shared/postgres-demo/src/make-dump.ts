import { writeFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { pg_stat_statements } from "@electric-sql/pglite/contrib/pg_stat_statements";
import { SHOP } from "./shop.ts";

// Part of the build: a server that opens the dump starts in under a second, and one that made its data would take ten.
const postgresqlconf = ["wal_recycle=off", "wal_level=minimal", "max_wal_senders=0"];
const database = await PGlite.create({ extensions: { pg_stat_statements }, postgresqlconf });
await database.exec(SHOP);
await database.exec("VACUUM (FREEZE, ANALYZE)");
// What was logged on the way is dropped: it would be most of the dump.
for (const sql of ["CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"]) await database.exec(sql);
const dump = await database.dumpDataDir("gzip");
await writeFile(new URL("../dist/shop.tar.gz", import.meta.url), Buffer.from(await dump.arrayBuffer()));
await database.close();
