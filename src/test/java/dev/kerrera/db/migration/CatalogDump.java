package dev.kerrera.db.migration;

import java.sql.SQLException;
import java.util.List;

/** Everything the catalogs say about a schema, one line per object, with the schema's own name left out. */
final class CatalogDump {

    private static final String OBJECTS = """
            WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = '%1$s'),
            relation AS (
              SELECT c.* FROM pg_class c JOIN here ON here.oid = c.relnamespace
            )
            SELECT 'type ' || t.typname || ' ' || t.typtype::text || ' ' || coalesce((
                     SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
                     || ' of ' || coalesce((SELECT r.relname FROM relation r WHERE r.oid = t.typrelid), '-')
              FROM pg_type t JOIN here ON here.oid = t.typnamespace
            UNION ALL
            SELECT format('relation %%s kind %%s persistence %%s options %%s access %%s comment %%s acl %%s',
                     relname, relkind, relpersistence, reloptions,
                     (SELECT amname FROM pg_am WHERE oid = relam), obj_description(oid, 'pg_class'), relacl)
              FROM relation
            UNION ALL
            SELECT format('column %%s.%%s #%%s %%s notnull %%s default %%s identity %%s generated %%s storage %%s collation %%s comment %%s',
                     r.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                     pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage,
                     a.attcollation::regcollation, col_description(r.oid, a.attnum))
              FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
              LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
            UNION ALL
            SELECT format('constraint %%s on %%s type %%s valid %%s deferrable %%s: %%s', k.conname, r.relname, k.contype,
                     k.convalidated, k.condeferrable, pg_get_constraintdef(k.oid))
              FROM pg_constraint k JOIN relation r ON r.oid = k.conrelid
            UNION ALL
            SELECT format('index %%s valid %%s unique %%s primary %%s', pg_get_indexdef(i.indexrelid), i.indisvalid,
                     i.indisunique, i.indisprimary)
              FROM pg_index i JOIN relation r ON r.oid = i.indrelid
            UNION ALL
            SELECT format('sequence %%s %%s start %%s by %%s from %%s to %%s cache %%s cycle %%s', r.relname,
                     format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
              FROM pg_sequence s JOIN relation r ON r.oid = s.seqrelid
            UNION ALL
            SELECT format('%%s belongs to %%s.%%s', r.relname, d.refobjid::regclass, d.refobjsubid)
              FROM pg_depend d JOIN relation r ON r.oid = d.objid AND r.relkind = 'S'
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
            UNION ALL
            SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid
            UNION ALL
            SELECT 'function ' || p.proname FROM pg_proc p JOIN here ON here.oid = p.pronamespace
            UNION ALL
            SELECT 'statistics ' || s.stxname FROM pg_statistic_ext s JOIN here ON here.oid = s.stxnamespace
            ORDER BY 1""";

    private static final String ROW_VERSIONS = """
            SELECT format('class %%s %%s', oid, xmin) FROM pg_class WHERE relnamespace = '%1$s'::regnamespace
            UNION ALL
            SELECT format('column %%s.%%s %%s', attrelid, attnum, a.xmin) FROM pg_attribute a
              JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = '%1$s'::regnamespace
            UNION ALL
            SELECT format('description %%s %%s', objoid, d.xmin) FROM pg_description d
              JOIN pg_class c ON c.oid = objoid WHERE relnamespace = '%1$s'::regnamespace
            ORDER BY 1""";

    private CatalogDump() {}

    /** Every object, Kerrera's own included. */
    static List<String> of(Database database, String schema) throws SQLException {
        return database.query(OBJECTS.formatted(schema)).stream()
                .map(line -> line.replace(schema + ".", ""))
                .toList();
    }

    /** Every object but those that carry Kerrera's prefix. */
    static List<String> withoutOwn(Database database, String schema) throws SQLException {
        return of(database, schema).stream()
                .filter(line -> !line.contains("kerrera_"))
                .toList();
    }

    /** Identity and last writer of every catalog row: equal only if nothing was touched. */
    static List<String> rowVersions(Database database, String schema) throws SQLException {
        return database.query(ROW_VERSIONS.formatted(schema));
    }
}
