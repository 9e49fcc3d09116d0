/** Extensions as in real databases, with tables for each, and queries as people write them. */
export interface Bundle {
  readonly name: string;
  /** Skipped if the server lacks any of these. */
  readonly needs: readonly string[];
  /** Where they are installed; by default in each of several schemas. */
  readonly places?: readonly string[];
  /** SQL that creates them and their tables; `{schema}` is where they are installed. */
  readonly setup: string;
  readonly honest: readonly string[];
  readonly attacks: readonly string[];
}

const POSTGIS: Bundle = {
  name: "PostGIS",
  needs: ["postgis", "postgis_raster"],
  setup: `
CREATE EXTENSION postgis SCHEMA {schema};
SET search_path = {schema}, public;
CREATE EXTENSION postgis_raster SCHEMA {schema};
CREATE TABLE app.places (id int PRIMARY KEY, name text, kind text, geom geometry(Point, 4326), spot geography(Point, 4326));
INSERT INTO app.places SELECT g, 'Place ' || g, CASE g % 3 WHEN 0 THEN 'cafe' ELSE 'shop' END,
  ST_SetSRID(ST_MakePoint(13 + g * 0.001, 52 + g * 0.001), 4326), ST_SetSRID(ST_MakePoint(13 + g * 0.001, 52), 4326)::geography
  FROM generate_series(1, 100) g;
CREATE INDEX ON app.places USING gist (geom);
CREATE TABLE app.areas (id int PRIMARY KEY, name text, outline geometry(MultiPolygon, 4326));
INSERT INTO app.areas SELECT g, 'Area ' || g, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(13 + g * 0.01, 52), 4326), 0.02)) FROM generate_series(1, 5) g;
CREATE TABLE app.heights (id int PRIMARY KEY, rast raster);
INSERT INTO app.heights SELECT g, ST_AddBand(ST_MakeEmptyRaster(10, 10, g, g, 1, -1, 0, 0, 4326), 1, '32BF'::text, 7.0, -9999) FROM generate_series(1, 2) g;
CREATE VIEW app.near AS SELECT id, name, ST_Distance(spot, ST_MakePoint(13, 52)::geography) AS metres FROM app.places;
RESET search_path;`,
  honest: [
    "SELECT name FROM places WHERE ST_DWithin(geom, ST_SetSRID(ST_MakePoint(13.05, 52.05), 4326), 0.01)",
    "SELECT name FROM places WHERE ST_DWithin(geom::geography, ST_MakePoint(13.05, 52.05)::geography, 1000)",
    "SELECT name FROM places WHERE ST_DWithin(spot, 'SRID=4326;POINT(13.05 52.05)'::geography, 500, false)",
    "SELECT p.name, a.name FROM places p JOIN areas a ON ST_Intersects(p.geom, a.outline)",
    "SELECT a.name, count(p.*) FROM areas a LEFT JOIN places p ON ST_Contains(a.outline, p.geom) GROUP BY a.id ORDER BY 2 DESC",
    "SELECT count(*) FROM places WHERE ST_Covers((SELECT ST_Union(outline) FROM areas), geom) AND NOT ST_Touches(geom, geom)",
    "SELECT id, ST_AsGeoJSON(geom), ST_AsText(geom, 5), ST_AsEWKT(geom), ST_AsBinary(geom), ST_AsSVG(geom), ST_AsKML(geom), ST_GeoHash(geom, 8), ST_AsEncodedPolyline(ST_MakeLine(geom, geom)) FROM places",
    "SELECT ST_AsGeoJSON(p.*) FROM places p",
    "SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(ST_AsGeoJSON(t.*)::json)) FROM (SELECT id, name, geom FROM places LIMIT 3) AS t(id, name, geom)",
    "SELECT * FROM places WHERE geom && ST_MakeEnvelope(13, 52, 13.02, 52.02, 4326)",
    "SELECT * FROM places WHERE geom @ ST_MakeEnvelope(13, 52, 13.02, 52.02, 4326) OR geom ~= 'SRID=4326;POINT(13 52)'::geometry",
    "SELECT id FROM places ORDER BY geom <-> ST_SetSRID(ST_MakePoint(13.05, 52.05), 4326) LIMIT 5",
    "SELECT id, geom <-> 'SRID=4326;POINT(13.05 52.05)'::geometry AS d FROM places ORDER BY d LIMIT 5",
    "SELECT a.id, n.id FROM areas a CROSS JOIN LATERAL (SELECT p.id FROM places p ORDER BY p.geom <-> a.outline LIMIT 1) n",
    "SELECT id FROM places ORDER BY spot <-> ST_MakePoint(13, 52)::geography LIMIT 3",
    "SELECT ST_Area(outline::geography), ST_Perimeter(outline::geography), ST_Length(ST_Boundary(outline)::geography) FROM areas",
    "SELECT ST_X(geom), ST_Y(geom), ST_SRID(geom), ST_IsValid(geom), ST_IsValidReason(geom), GeometryType(geom), ST_GeometryType(geom), ST_NPoints(geom), ST_Dimension(geom) FROM places",
    "SELECT ST_X(ST_Transform(geom, 3857)), ST_Transform(ST_Centroid(outline), 25833) FROM places, areas",
    "SELECT ST_Union(outline), ST_Collect(outline), ST_Extent(outline), ST_3DExtent(outline), ST_MemUnion(outline) FROM areas",
    "SELECT ST_MakeLine(geom ORDER BY id), ST_ConvexHull(ST_Collect(geom)), ST_Polygonize(geom), ST_ClusterIntersecting(geom), ST_ClusterWithin(geom, 1) FROM places",
    "SELECT id, ST_ClusterDBSCAN(geom, eps := 0.005, minpoints := 3) OVER () AS cluster FROM places",
    "SELECT id, ST_ClusterKMeans(geom, 5) OVER (PARTITION BY kind) FROM places",
    "SELECT (ST_Dump(outline)).geom, (ST_DumpPoints(outline)).path[1] FROM areas",
    "SELECT (d).path, ST_AsText((d).geom) FROM (SELECT ST_DumpRings((ST_Dump(outline)).geom) AS d FROM areas) q LIMIT 1",
    "SELECT ST_Simplify(outline, 0.001), ST_SimplifyPreserveTopology(outline, 0.1), ST_Buffer(outline, 1, 'quad_segs=8'), ST_Difference(outline, outline), ST_SymDifference(outline, outline), ST_Intersection(outline, outline), ST_MakeValid(outline), ST_Subdivide(outline), ST_PointOnSurface(outline), ST_Envelope(outline), ST_SnapToGrid(outline, 0.1) FROM areas",
    "SELECT ST_GeneratePoints(outline, 3), ST_GeneratePoints(outline, 3, 42), ST_SymmetricDifference(outline, outline) FROM areas",
    "SELECT ST_GeomFromText('POINT(1 2)', 4326), ST_GeomFromGeoJSON('{\"type\":\"Point\",\"coordinates\":[1,2]}'), ST_Point(1, 2, 4326), ST_MakePolygon(ST_GeomFromText('LINESTRING(0 0, 1 0, 1 1, 0 0)')), 'POINT(1 2)'::geometry, geometry('POINT(1 2)'), ST_GeogFromText('POINT(1 2)')",
    "SELECT i, j, count(p.id) FROM areas a, ST_HexagonGrid(0.01, a.outline) h LEFT JOIN places p ON ST_Intersects(p.geom, h.geom) GROUP BY 1, 2 LIMIT 5",
    "SELECT (ST_SquareGrid(0.01, outline)).* FROM areas LIMIT 5",
    "SELECT ST_Azimuth(ST_Point(0, 0), ST_Point(1, 1)), ST_Project('POINT(0 0)'::geography, 100000, radians(45)), ST_HausdorffDistance(outline, outline), ST_DistanceSphere(ST_Point(0, 0), ST_Point(1, 1)), ST_LineInterpolatePoint('LINESTRING(0 0, 1 1)', 0.5), ST_LineLocatePoint('LINESTRING(0 0, 1 1)'::geometry, 'POINT(1 0)'), ST_Relate(outline, outline) FROM areas",
    "WITH bounds AS (SELECT ST_TileEnvelope(10, 549, 335) AS g), t AS (SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), bounds.g) AS geom, id FROM places, bounds) SELECT ST_AsMVT(t, 'places') FROM t",
    "SELECT ST_AsGeobuf(t, 'geom'), ST_AsFlatGeobuf(t) FROM (SELECT id, geom FROM places) t",
    "SELECT Find_SRID('app', 'places', 'geom'), ST_EstimatedExtent('app', 'places', 'geom'), postgis_full_version(), postgis_version()",
    "SELECT * FROM geometry_columns JOIN spatial_ref_sys USING (srid)",
    "SELECT f_table_name, type FROM geography_columns",
    "SELECT metres FROM near ORDER BY 1 LIMIT 1",
    "SELECT Box2D(outline), Box3D(outline), outline::box2d, ST_XMin(outline), ST_Expand(outline, 1) FROM areas",
    "SELECT ST_Value(rast, 1, ST_SetSRID(ST_Point(1.5, 0.5), 4326)), ST_Width(rast), (ST_SummaryStats(rast)).mean, (ST_MetaData(rast)).*, ST_BandPixelType(rast) FROM heights",
    "SELECT (ST_ValueCount(rast, 1)).value, (ST_Histogram(rast)).*, (ST_PixelAsPoints(rast)).val, (ST_DumpAsPolygons(rast)).geom FROM heights LIMIT 3",
    "SELECT ST_Clip(rast, ST_MakeEnvelope(1, 0, 2, 1, 4326)), ST_Union(rast), ST_Envelope(rast), ST_ConvexHull(rast), ST_Slope(rast), ST_Hillshade(rast), ST_Reclass(rast, 1, '0-10:1', '8BUI', 0), ST_Rotation(rast), ST_SetValue(rast, 1, 1, 5) FROM heights GROUP BY rast",
    "SELECT ST_Band(rast, 1), rast && rast, rast::geometry FROM heights",
    "SELECT r_table_name, srid FROM raster_columns",
  ],
  attacks: [
    "SELECT AddGeometryColumn('app', 'places', 'g2', 4326, 'POINT', 2)",
    "SELECT AddGeometryColumn('app', 'places', 'g2', 4326, 'POINT', 2, true)",
    "SELECT AddGeometryColumn('places', 'g2', 4326, 'POINT', 2)",
    "SELECT DropGeometryColumn('app', 'places', 'geom')",
    "SELECT DropGeometryTable('app', 'places')",
    "SELECT Populate_Geometry_Columns()",
    "SELECT Populate_Geometry_Columns('app.places'::regclass)",
    "SELECT UpdateGeometrySRID('places', 'geom', 3857)",
    "SELECT postgis_extensions_upgrade()",
    "SELECT LockRow('app', 'places', '1', 'me')",
    "SELECT UnlockRows('me')",
    "SELECT AddAuth('me')",
    "SELECT EnableLongTransactions()",
    "SELECT ST_FindExtent('app', 'places', 'geom')",
    `SELECT ST_FindExtent('places', 'geom") AS extent FROM app.places, pg_sleep(1), (SELECT 1) AS "x')`,
    "SELECT ST_FromFlatGeobufToTable('app', 'made', '\\x')",
    "SELECT ST_FromGDALRaster('<VRTDataset>/vsicurl/http://127.0.0.1/</VRTDataset>'::bytea)",
    "SELECT ST_AsGDALRaster(rast, 'PDF', ARRAY['EXTRA_IMAGES=/vsicurl/http://127.0.0.1/x.png,0,0,1']) FROM heights",
    "SELECT ST_Transform(geom, '+init=/etc/passwd:root') FROM places",
    "SELECT ST_Transform(geom, '+proj=longlat +nadgrids=/etc/passwd', 4326) FROM places",
    "SELECT ST_Transform(geom, '+proj=longlat', '+proj=longlat +nadgrids=/etc/passwd') FROM places",
    "SELECT _postgis_index_extent('app.places', 'geom')",
    "SELECT ST_MapAlgebra(rast, 1, NULL, '(SELECT 1.0 FROM pg_sleep(1))') FROM heights",
    "SELECT ST_MapAlgebra(rast, '32BF', 'length(pg_read_file(''/etc/passwd''))') FROM heights",
    "SELECT ST_MapAlgebra(rast, 1, rast, 1, '[rast1] + pg_sleep(1)::text::float') FROM heights",
    "SELECT ST_MapAlgebra(rast, 1, 'app.called(double precision[], integer[], text[])'::regprocedure) FROM heights",
    "SELECT ST_MapAlgebraExpr(rast, '32BF', 'pg_sleep(1)::text::float') FROM heights",
    "SELECT ST_MapAlgebraFct(rast, 'app.called(double precision[], integer[], text[])'::regprocedure) FROM heights",
    "SELECT ST_AddBand(rast, 2, '/etc/passwd', ARRAY[1]) FROM heights",
    "SELECT ST_SetBandPath(rast, 1, '/etc/passwd', 1) FROM heights",
    "SELECT ST_Retile('app.heights', 'rast', ST_MakeEnvelope(0, 0, 1, 1), 1, 1, 10, 10)",
    "SELECT ST_ValueCount('app.heights', 'rast', 1)",
    "SELECT ST_CreateOverview('app.heights', 'rast', 2)",
    "SELECT AddRasterConstraints('app', 'heights', 'rast')",
  ],
};

/** Some of its functions have the same names as PostGIS's. Common images install both. */
const TOPOLOGY: Bundle = {
  name: "PostGIS with topology",
  needs: ["postgis", "postgis_raster", "postgis_topology"],
  places: ["public"],
  setup: `${POSTGIS.setup}
CREATE EXTENSION postgis_topology;
SELECT topology.CreateTopology('town', 4326);
CREATE TABLE app.parcels (id int PRIMARY KEY);
SELECT topology.AddTopoGeometryColumn('town', 'app', 'parcels', 'topo', 'POLYGON');`,
  honest: [
    ...POSTGIS.honest,
    "SELECT ST_Simplify(ST_Transform(outline, 3857), 10), ST_SRID(ST_Union(outline, outline)) FROM areas",
    "SELECT id, topo::geometry, ST_Simplify(topo, 0.1) FROM parcels",
    "SELECT id, name FROM topology.topology",
    "SELECT * FROM town.face",
  ],
  attacks: [
    "SELECT topology.CreateTopology('mine')",
    "SELECT topology.DropTopology('town')",
    "SELECT topology.TopologySummary('town')",
    "SELECT topology.GetFaceByPoint('town', 'POINT(1 1)', 0)",
    "SELECT * FROM topology.GetNodeEdges('town', 1)",
    "SELECT topology.ST_GetFaceGeometry('town', 1)",
    "SELECT topology.GetTopoGeomElements('town', 1, 1)",
    "SELECT topology.Polygonize('town')",
  ],
};

const VECTOR: Bundle = {
  name: "pgvector",
  needs: ["vector"],
  setup: `
CREATE EXTENSION vector SCHEMA {schema};
SET search_path = {schema}, public;
CREATE TABLE app.items (id int PRIMARY KEY, kind text, embedding vector(3), short halfvec(3), sparse sparsevec(5), bits bit(3));
INSERT INTO app.items SELECT g, 'k' || g % 3, ARRAY[g, g + 1, g % 7]::vector, ARRAY[g, 1, 2]::halfvec, '{1:1,3:2}/5', B'101' FROM generate_series(1, 50) g;
CREATE INDEX ON app.items USING hnsw (embedding vector_l2_ops);
CREATE TABLE app.documents (id int PRIMARY KEY, body text, embedding vector(1536));
INSERT INTO app.documents SELECT g, 'text', array_fill(g, ARRAY[1536])::vector FROM generate_series(1, 2) g;
RESET search_path;`,
  honest: [
    "SELECT id FROM items ORDER BY embedding <-> '[1,2,3]' LIMIT 5",
    "SELECT id, 1 - (embedding <=> '[1,2,3]') AS similarity FROM items ORDER BY embedding <=> '[1,2,3]' LIMIT 5",
    "SELECT id, (embedding <#> '[1,2,3]') * -1 AS inner_product FROM items ORDER BY embedding <#> '[1,2,3]'",
    "SELECT id FROM items ORDER BY embedding <+> '[1,2,3]'::vector LIMIT 1",
    "SELECT * FROM items WHERE embedding <-> '[3,1,2]' < 5",
    "SELECT a.id, b.id FROM items a CROSS JOIN LATERAL (SELECT id FROM items b WHERE b.id <> a.id ORDER BY b.embedding <-> a.embedding LIMIT 1) b",
    "SELECT id FROM items ORDER BY embedding <-> (SELECT embedding FROM items WHERE id = 1) LIMIT 5",
    "SELECT avg(embedding), sum(embedding) FROM items",
    "SELECT kind, avg(embedding) FROM items GROUP BY kind",
    "SELECT vector_dims(embedding), vector_norm(embedding), l2_normalize(embedding), subvector(embedding, 1, 2), binary_quantize(embedding) FROM items",
    "SELECT l2_distance(embedding, '[1,2,3]'), cosine_distance(embedding, '[1,2,3]'), inner_product(embedding, '[1,2,3]'), l1_distance(embedding, '[1,2,3]') FROM items",
    "SELECT embedding + '[1,1,1]', embedding - embedding, embedding * embedding, embedding || embedding FROM items",
    "SELECT embedding::real[], embedding::text, embedding::halfvec(3), ARRAY[1, 2, 3]::vector, '[1,2,3]'::vector(3), embedding = '[1,2,3]' FROM items",
    "SELECT id FROM items ORDER BY short <-> '[1,2,3]'::halfvec, short <=> '[1,2,3]' LIMIT 3",
    "SELECT avg(short), l2_norm(short) FROM items GROUP BY short",
    "SELECT id FROM items ORDER BY sparse <-> '{1:1}/5', sparse <#> '{1:3,2:1}/5'::sparsevec LIMIT 3",
    "SELECT id FROM items ORDER BY bits <~> '101', bits <%> B'111' LIMIT 3",
    "SELECT hamming_distance(bits, '101'), jaccard_distance(bits, '111') FROM items",
    "SELECT id FROM items ORDER BY binary_quantize(embedding)::bit(3) <~> binary_quantize('[1,-2,3]'::vector) LIMIT 5",
    "SELECT count(*) FROM documents WHERE embedding IS NOT NULL GROUP BY embedding ORDER BY embedding",
  ],
  attacks: [],
};

const TEXT: Bundle = {
  name: "contrib",
  needs: ["ltree", "pg_trgm", "hstore", "citext", "unaccent", "fuzzystrmatch", "intarray", "pgcrypto"],
  setup: `
CREATE EXTENSION ltree SCHEMA {schema}; CREATE EXTENSION pg_trgm SCHEMA {schema}; CREATE EXTENSION hstore SCHEMA {schema};
CREATE EXTENSION citext SCHEMA {schema}; CREATE EXTENSION unaccent SCHEMA {schema}; CREATE EXTENSION fuzzystrmatch SCHEMA {schema};
CREATE EXTENSION intarray SCHEMA {schema}; CREATE EXTENSION pgcrypto SCHEMA {schema}; CREATE EXTENSION cube SCHEMA {schema};
CREATE EXTENSION earthdistance SCHEMA {schema}; CREATE EXTENSION btree_gist SCHEMA {schema}; CREATE EXTENSION isn SCHEMA {schema};
SET search_path = {schema}, public;
CREATE TABLE app.words (id int PRIMARY KEY, word text, path ltree, attrs hstore, email citext UNIQUE, numbers int[], spot cube, lat float, lon float);
INSERT INTO app.words SELECT g, 'Café ' || g, ('top.n' || g)::ltree, hstore('k', g::text), 'A' || g || '@Example.com', ARRAY[g, g + 1], cube(ARRAY[g, 1.0::float]), 52, 13
  FROM generate_series(1, 50) g;
CREATE INDEX ON app.words USING gin (word gin_trgm_ops);
RESET search_path;`,
  honest: [
    "SELECT * FROM words WHERE path <@ 'top' AND path ~ 'top.*{1}' AND path @ 'n1 | n2'",
    "SELECT path, subpath(path, 0, 1), nlevel(path), lca(path, 'top.x'), path || 'deep', ltree2text(path), text2ltree('a.b'), index(path, 'n1') FROM words",
    "SELECT lca(array_agg(path)), array_agg(path) @> 'top'::ltree FROM words",
    "SELECT word, similarity(word, 'cafe'), word_similarity('caf', word), word <-> 'caf', show_trgm(word) FROM words WHERE word % 'cafe' OR 'caf' <% word ORDER BY word <-> 'cafe'",
    "SELECT strict_word_similarity('caf', word), show_limit() FROM words WHERE word ILIKE '%caf%'",
    "SELECT attrs -> 'k', attrs ? 'k', attrs @> 'k=>1', attrs || 'a=>b'::hstore, akeys(attrs), avals(attrs), hstore_to_json(attrs), attrs::json, attrs - 'k'::text, exist(attrs, 'k'), slice(attrs, ARRAY['k']) FROM words",
    "SELECT (each(attrs)).key, (each(attrs)).value, skeys(attrs) FROM words",
    "SELECT hstore(w), hstore(ARRAY['a', 'b'], ARRAY['1', '2']) FROM words w",
    "SELECT * FROM words WHERE email = 'a1@EXAMPLE.COM' AND email LIKE 'A%' AND email ~ 'example' AND email IN ('a1@example.com')",
    "SELECT lower(email), email || 'x', split_part(email, '@', 2), replace(email, 'A', 'b'), max(email), email::text, regexp_replace(email, 'a', 'b') FROM words GROUP BY email",
    "SELECT unaccent(word), unaccent('unaccent', word), lower(unaccent(word)) FROM words WHERE unaccent(word) ILIKE 'cafe%'",
    "SELECT levenshtein(word, 'cafe'), soundex(word), metaphone(word, 4), dmetaphone(word), difference(word, 'cafe'), levenshtein_less_equal(word, 'cafe', 2) FROM words",
    "SELECT numbers & ARRAY[1], numbers | 5, idx(numbers, 2), sort(numbers), uniq(numbers), icount(numbers), numbers @@ '1&2'::query_int, # numbers, numbers && ARRAY[1], numbers @> ARRAY[1] FROM words",
    "SELECT encode(digest(word, 'sha256'), 'hex'), crypt('x', 'ab'), hmac(word, 'key', 'sha1'), pgp_sym_decrypt(pgp_sym_encrypt(word, 'k'), 'k'), gen_random_uuid() FROM words",
    "SELECT spot <-> cube(ARRAY[1, 1]), cube_distance(spot, spot), spot @> cube(1), cube_dim(spot) FROM words",
    "SELECT earth_distance(ll_to_earth(lat, lon), ll_to_earth(52.5, 13.4)), point(lon, lat) <@> point(13, 52), earth_box(ll_to_earth(lat, lon), 1000) @> ll_to_earth(lat, lon) FROM words",
    "SELECT isbn('978-0-393-04002-9'), '9780393040029'::isbn13, id <-> 5 FROM words",
  ],
  attacks: ["SELECT set_limit(0.1)"],
};

const ROUTING: Bundle = {
  name: "pgRouting",
  needs: ["postgis", "pgrouting"],
  setup:
    "CREATE EXTENSION postgis SCHEMA {schema}; SET search_path = {schema}; CREATE EXTENSION pgrouting SCHEMA {schema}; RESET search_path;",
  honest: ["SELECT ST_AsText(ST_Point(1, 2))"],
  attacks: [
    "SELECT * FROM pgr_dijkstra('SELECT 1 AS id, 1 AS source, 2 AS target, pg_sleep(1)::text::float AS cost', 1, 2)",
    "SELECT * FROM _pgr_bridges('SELECT 1 AS id, 1 AS source, 2 AS target, 1.0 AS cost, pg_sleep(1)::text::float AS reverse_cost')",
  ],
};

const TIMESCALE: Bundle = {
  name: "TimescaleDB",
  needs: ["timescaledb"],
  setup: `
CREATE EXTENSION timescaledb SCHEMA {schema};
SET search_path = {schema}, public;
CREATE TABLE app.readings (at timestamptz NOT NULL, device int, value float);
SELECT create_hypertable('app.readings', 'at');
CREATE FUNCTION app.called_now() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN EXECUTE 'SELECT 1'; RETURN 1; END $$;
CREATE FUNCTION app.called_last(int) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT 1 FROM pg_sleep(1) $$;
CREATE AGGREGATE app.called_sum(int) (SFUNC = int4pl, STYPE = int, COMBINEFUNC = int4pl, FINALFUNC = app.called_last);
CREATE TABLE app.counts (at int NOT NULL);
SELECT create_hypertable('app.counts', 'at', chunk_time_interval => 10);
SELECT set_integer_now_func('app.counts', 'app.called_now');
INSERT INTO app.readings SELECT '2025-01-01'::timestamptz + g * interval '1 hour', g % 3, g FROM generate_series(1, 1000) g;
CREATE MATERIALIZED VIEW app.daily WITH (timescaledb.continuous) AS
  SELECT time_bucket('1 day', at) AS day, device, avg(value) AS mean FROM app.readings GROUP BY 1, 2 WITH NO DATA;
RESET search_path;`,
  honest: [
    "SELECT time_bucket('1 day', at) AS day, device, avg(value), first(value, at), last(value, at) FROM readings GROUP BY 1, 2 ORDER BY 1 LIMIT 5",
    "SELECT time_bucket('1 hour', at, timezone => 'Europe/Berlin'), time_bucket('15 minutes', at, '5 minutes'::interval) FROM readings",
    "SELECT time_bucket_gapfill('1 day', at) AS day, locf(avg(value)), interpolate(avg(value)) FROM readings WHERE at >= '2025-01-01' AND at < '2025-02-01' GROUP BY 1",
    "SELECT histogram(value, 0, 1000, 5) FROM readings",
    "SELECT * FROM daily ORDER BY day DESC",
    "SELECT hypertable_name, num_chunks FROM timescaledb_information.hypertables",
    "SELECT chunk_name, range_start FROM timescaledb_information.chunks",
    "SELECT view_name, materialized_only FROM timescaledb_information.continuous_aggregates",
    "SELECT * FROM timescaledb_information.jobs",
    "SELECT show_chunks('app.readings')",
    "SELECT show_chunks('app.readings', older_than => interval '1 day')",
    "SELECT hypertable_size('app.readings'), pg_size_pretty(hypertable_size('app.readings')), approximate_row_count('app.readings')",
    "SELECT * FROM hypertable_detailed_size('app.readings')",
    "SELECT * FROM chunks_detailed_size('app.readings')",
  ],
  attacks: [
    "SELECT _timescaledb_functions.subtract_integer_from_now('app.counts', 5)",
    "SELECT _timescaledb_functions.finalize_agg('app.called_sum(integer)', null, null, '{{pg_catalog,int4}}', null::bytea, null::int)",
    "SELECT drop_chunks('app.readings', interval '1 day')",
    "SELECT create_hypertable('app.readings', 'at')",
    "SELECT add_retention_policy('app.readings', interval '1 day')",
    "SELECT compress_chunk(c) FROM show_chunks('app.readings') c",
    "SELECT add_job('app.called', '1h')",
    "SELECT alter_job(1, scheduled => false)",
    "SELECT set_chunk_time_interval('app.readings', interval '1 day')",
  ],
};

export const BUNDLES: readonly Bundle[] = [POSTGIS, TOPOLOGY, VECTOR, TEXT, ROUTING, TIMESCALE];
