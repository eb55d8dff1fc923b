package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.Inventory.JOBS;
import static dev.kerrera.db.migration.Inventory.PEERS;
import static dev.kerrera.db.migration.ObanShape.Rule.defaulted;
import static dev.kerrera.db.migration.ObanShape.Rule.either;
import static dev.kerrera.db.migration.ObanShape.Rule.nullable;
import static dev.kerrera.db.migration.ObanShape.Rule.required;

import dev.kerrera.db.migration.Inventory.Column;
import dev.kerrera.db.migration.Inventory.Kind;
import dev.kerrera.db.migration.Inventory.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * What Kerrera's SQL relies on in Oban's v14, and how a schema falls short of it. Only that: a dropped index, an added
 * column with a default or a constraint made stricter does no harm and is no finding.
 */
final class ObanShape {

    private static final List<String> LABELS = List.of(
            "available", "suspended", "scheduled", "executing", "retryable", "completed", "discarded", "cancelled");

    private static final List<Rule> JOBS_COLUMNS = List.of(
            defaulted("id", "bigint").asKey(),
            defaulted("state", "oban_job_state"),
            defaulted("queue", "text"),
            required("worker", "text"),
            defaulted("args", "jsonb"),
            defaulted("errors", "jsonb[]"),
            defaulted("attempt", "integer"),
            defaulted("max_attempts", "integer"),
            defaulted("inserted_at", "timestamp without time zone"),
            defaulted("scheduled_at", "timestamp without time zone"),
            nullable("attempted_at", "timestamp without time zone"),
            nullable("completed_at", "timestamp without time zone"),
            nullable("attempted_by", "text[]"),
            nullable("discarded_at", "timestamp without time zone"),
            defaulted("priority", "integer"),
            either("tags", "text[]"),
            either("meta", "jsonb"),
            nullable("cancelled_at", "timestamp without time zone"));

    private static final List<Rule> PEERS_COLUMNS = List.of(
            required("name", "text").asKey(),
            required("node", "text"),
            required("started_at", "timestamp without time zone"),
            required("expires_at", "timestamp without time zone"));

    private final Inventory found;
    private final List<String> problems = new ArrayList<>();

    private ObanShape(Inventory found) {
        this.found = found;
    }

    /** Every difference that matters, in the schema's own order; empty when Kerrera can work with it. */
    static List<String> problems(Inventory found) {
        var shape = new ObanShape(found);
        shape.checkStates();
        shape.checkTable(JOBS, JOBS_COLUMNS);
        shape.checkTable(PEERS, PEERS_COLUMNS);
        return List.copyOf(shape.problems);
    }

    private void checkStates() {
        if (found.stateLabels().isEmpty()) {
            problems.add("type oban_job_state is missing");
            return;
        }
        LABELS.stream()
                .filter(label -> !found.stateLabels().contains(label))
                .forEach(label -> problems.add("type oban_job_state has no label '" + label + "'"));
    }

    private void checkTable(String name, List<Rule> rules) {
        Table table = found.tables().get(name);
        if (table == null) {
            problems.add("table " + name + " is missing");
        } else if (table.kind() == Kind.NOT_A_TABLE) {
            problems.add(name + " is not a table");
        } else {
            rules.forEach(rule -> checkColumn(name, table, rule));
            table.columns().forEach((column, actual) -> checkStranger(name, rules, column, actual));
        }
    }

    private void checkColumn(String tableName, Table table, Rule rule) {
        String name = "column " + tableName + "." + rule.column;
        Column actual = table.columns().get(rule.column);
        if (actual == null) {
            problems.add(name + " is missing (needs " + rule.type + ")");
            return;
        }
        if (!actual.type().equals(rule.type)) {
            problems.add(name + " is " + actual.type() + ", needs " + rule.type);
        }
        if (rule.notNull == Need.YES && !actual.notNull()) {
            problems.add(name + " allows NULL, must not");
        }
        if (rule.notNull == Need.NO && actual.notNull()) {
            problems.add(name + " is NOT NULL, must allow NULL");
        }
        if (rule.hasDefault && !actual.hasDefault()) {
            problems.add(name + " has no default");
        }
        if (rule.key && !actual.unique() && table.kind() == Kind.TABLE) {
            problems.add(name + " has no primary key or unique index");
        }
    }

    private void checkStranger(String table, List<Rule> rules, String column, Column actual) {
        boolean known = rules.stream().anyMatch(rule -> rule.column.equals(column));
        if (!known && actual.notNull() && !actual.hasDefault()) {
            problems.add("column " + table + "." + column + " is unknown, NOT NULL and without default:"
                    + " no row could be inserted");
        }
    }

    private enum Need {
        YES,
        NO,
        EITHER
    }

    record Rule(String column, String type, Need notNull, boolean hasDefault, boolean key) {

        static Rule required(String column, String type) {
            return new Rule(column, type, Need.YES, false, false);
        }

        static Rule defaulted(String column, String type) {
            return new Rule(column, type, Need.YES, true, false);
        }

        static Rule nullable(String column, String type) {
            return new Rule(column, type, Need.NO, false, false);
        }

        static Rule either(String column, String type) {
            return new Rule(column, type, Need.EITHER, false, false);
        }

        Rule asKey() {
            return new Rule(column, type, notNull, hasDefault, true);
        }
    }
}
