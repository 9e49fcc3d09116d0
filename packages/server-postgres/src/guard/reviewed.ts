/**
 * Volatile functions without visible side effects, each reviewed individually. To PostgreSQL, volatile only means that
 * two calls may differ. Every other volatile function is refused, including those of new versions until they are
 * reviewed.
 */
const BUILT_IN = `
  bernoulli system array_sample array_shuffle clock_timestamp current_query gen_random_uuid uuidv4 uuidv7 random random_normal timeofday timezone
  currval lastval pg_sequence_last_value pg_get_sequence_data
  pg_database_size pg_indexes_size pg_relation_size pg_table_size pg_tablespace_size pg_total_relation_size
  pg_is_in_recovery pg_is_wal_replay_paused pg_get_wal_replay_pause_state pg_current_wal_lsn pg_current_wal_flush_lsn
  pg_current_wal_insert_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp
  pg_last_committed_xact pg_xact_commit_timestamp pg_xact_status txid_status
  pg_blocking_pids pg_safe_snapshot_blocking_pids pg_lock_status pg_prepared_xact
  pg_partition_tree pg_partition_ancestors pg_stat_have_stats pg_stat_get_io pg_stat_get_backend_io
  pg_stat_get_backend_wal pg_stat_get_recovery_prefetch pg_get_wait_events
  pg_jit_available pg_collation_actual_version pg_database_collation_actual_version pg_notification_queue_usage
  pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit pg_stat_get_xact_numscans
  pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_inserted
  pg_stat_get_xact_tuples_updated pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_hot_updated
  pg_stat_get_xact_tuples_newpage_updated`;

/** The same for extensions, valid only if the function belongs to one. */
const OF_EXTENSIONS = `
  system_rows system_time pg_stat_statements pg_stat_statements_info pg_buffercache_pages pg_buffercache_summary pg_buffercache_usage_counts
  pgstattuple pgstattuple_approx pgstatindex pgstatginindex pgstathashindex pg_relpages pg_freespace
  pg_visibility pg_visibility_map pg_visibility_map_summary
  gen_random_bytes gen_random_uuid gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
  pgp_sym_encrypt pgp_sym_encrypt_bytea pgp_pub_encrypt pgp_pub_encrypt_bytea
  st_clusterkmeans st_generatepoints st_symmetricdifference st_rotation st_setvalue st_setbandnodatavalue
  pc_intersects pc_intersection pc_envelopegeometry pc_boundingdiagonalgeometry
  normal_rand hypopg hypopg_list_indexes
  hypertable_size hypertable_detailed_size hypertable_index_size hypertable_approximate_size chunks_detailed_size
  hypertable_compression_stats chunk_compression_stats hypertable_columnstore_stats chunk_columnstore_stats
  approximate_row_count time_bucket_gapfill locf interpolate`;

/** These read tables that the query does not name, so they are allowed only if every table may be read. */
const UNNAMED = "geometry st_estimatedextent st_simplify st_srid";

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

export const SAFE_BUILT_IN = names(BUILT_IN);
export const SAFE_OF_EXTENSIONS = names(OF_EXTENSIONS);
export const READS_UNNAMED = names(UNNAMED);

/**
 * Not volatile, but refused: they run SQL given as text, read tables that the query does not name, run the checks of a
 * type or the code behind a table, function or aggregate named by a value, open files or addresses, write, or allocate
 * a transaction id.
 */
const DANGEROUS =
  /^((query|table|schema|database|cursor)_to_xml\w*|ts_stat|crosstab\w*|connectby|xpath_table|dblink\w*|_?pgr_\w+|get_raw_page|fmgr_\w+_validator|satisfies_hash_partition|(domain|record|array|range|multirange)_(in|recv)|txid_current|pg_current_xact_id|addgeometrycolumn|st_findextent|st_retile|st_fromflatgeobuftotable|st_fromgdalraster|st_asgdalraster|postgis_transform(_pipeline)?_geometry|_postgis_index_extent|finalize_agg|subtract_integer_from_now)$/;
/** Argument names of PostGIS's dangerous overloads: SQL, tables, topologies and files, or texts that name files. */
const DANGEROUS_ARGUMENT =
  /^(expression|rastertable|atopology|toponame|outdbfile|outdbpath|from_proj|to_proj|pipeline)$/;
/** `ts_rewrite(tsquery, text)` takes SQL; the form with three arguments does not. */
export const isDangerous = (name: string, argTypes: readonly string[], argNames: readonly string[]) =>
  DANGEROUS.test(name) ||
  (name === "ts_rewrite" && argTypes.length === 2) ||
  argTypes.includes("regprocedure") ||
  argNames.some((each) => DANGEROUS_ARGUMENT.test(each));

/** Catalogues that contain passwords, connection strings or values from columns. */
const SECRET = names(`
  pg_authid pg_shadow pg_user_mapping pg_user_mappings pg_subscription pg_hba_file_rules pg_ident_file_mappings
  pg_file_settings pg_foreign_server foreign_server_options _pg_foreign_servers pg_largeobject pg_statistic pg_statistic_ext_data user_mapping_options _pg_user_mappings`);
/** Any role can read these for its own columns, but they reveal what masks and allow-lists hide. */
const VALUES = names("pg_stats pg_stats_ext pg_stats_ext_exprs");

/** Settings that may contain a password, and ways to show all settings. They only matter if this role can see one. */
export const isSecretSetting = (name: string) => /^(all|primary_conninfo|ssl_passphrase_command)$/i.test(name);
export const SHOWS_SETTINGS = names("current_setting pg_show_all_settings");

/** @param areSettings whether settings that this role can see contain a password */
export const isSecret = (schema: string, table: string, areSettings: boolean) =>
  (areSettings && schema === "pg_catalog" && table === "pg_settings") ||
  schema === "pg_toast" ||
  ((schema === "pg_catalog" || schema === "information_schema") && SECRET.has(table));
export const showsValues = (schema: string, table: string) => schema === "pg_catalog" && VALUES.has(table);
