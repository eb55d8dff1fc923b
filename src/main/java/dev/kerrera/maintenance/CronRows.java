package dev.kerrera.maintenance;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far the entries of one instance have come, in a table, so that whoever leads next goes on from there. */
final class CronRows {

    private static final System.Logger LOG = System.getLogger(CronRows.class.getName());

    private static final String READ = """
            SELECT entry, expression, timezone, last_at
            FROM ${schema}.kerrera_crons
            WHERE name = ?""";

    private static final String BEGIN = """
            INSERT INTO ${schema}.kerrera_crons (name, entry, expression, timezone, last_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    /** Never back: what was due before is not due again by another expression. */
    private static final String RESTART = """
            UPDATE ${schema}.kerrera_crons
            SET expression = ?, timezone = ?, last_at = greatest(last_at, ?::timestamp)
            WHERE name = ? AND entry = ? AND expression = ? AND timezone = ?""";

    private static final String MOVE = """
            UPDATE ${schema}.kerrera_crons
            SET last_at = ?
            WHERE name = ? AND entry = ? AND expression = ? AND timezone = ? AND last_at = ?""";

    private final Jdbc jdbc;
    private final String name;
    private final String table;
    private final String read;
    private final String begin;
    private final String restart;
    private final String move;

    /** @param name the instance's */
    CronRows(Jdbc jdbc, Prefix prefix, String name) {
        this.jdbc = jdbc;
        this.name = name;
        this.table = prefix.in("${schema}.kerrera_crons");
        this.read = prefix.in(READ);
        this.begin = prefix.in(BEGIN);
        this.restart = prefix.in(RESTART);
        this.move = prefix.in(MOVE);
    }

    /** The rows by the names of their entries. */
    Map<String, CronRow> read() {
        Map<String, CronRow> rows = new HashMap<>();
        jdbc.query(read, p -> p.text(name), row -> new CronRow(row.text(), row.text(), row.text(), row.time()))
                .forEach(row -> rows.put(row.entry(), row));
        return rows;
    }

    /**
     * The row of a schedule to go on from. None when the schedule has changed: it then begins now, and nothing is due yet.
     *
     * @param found what {@link #read} has of it
     * @param since where to begin when there is no row
     */
    Optional<CronRow> of(Schedule schedule, @Nullable CronRow found, Instant since, Instant now) {
        if (found == null) {
            return Optional.of(begin(schedule, since));
        }
        if (!found.belongsTo(schedule)) {
            restart(schedule, found, now);
            return Optional.empty();
        }
        return Optional.of(found);
    }

    private CronRow begin(Schedule schedule, Instant since) {
        CronRow row = new CronRow(
                schedule.entry(), schedule.expression().text(), schedule.zone().getId(), since);
        jdbc.update(
                begin,
                p -> p.text(name)
                        .text(row.entry())
                        .text(row.expression())
                        .text(row.timezone())
                        .time(row.lastAt()));
        return row;
    }

    private void restart(Schedule schedule, CronRow found, Instant now) {
        int changed = jdbc.update(
                restart,
                p -> p.text(schedule.expression().text())
                        .text(schedule.zone().getId())
                        .time(now)
                        .text(name)
                        .text(found.entry())
                        .text(found.expression())
                        .text(found.timezone()));
        if (changed == 1) {
            Instant from = found.lastAt().isAfter(now) ? found.lastAt() : now;
            LOG.log(
                    System.Logger.Level.INFO,
                    "Cron entry %s changed from '%s' in %s to '%s' in %s; its times after %s are due"
                            .formatted(
                                    schedule.entry(),
                                    found.expression(),
                                    found.timezone(),
                                    schedule.expression(),
                                    schedule.zone(),
                                    from));
        }
    }

    /** What an operator can run so that an entry goes on from now. */
    String remedy(CronRow row) {
        return "UPDATE %s SET last_at = timezone('UTC', now()) WHERE name = '%s' AND entry = '%s'"
                .formatted(table, name.replace("'", "''"), row.entry().replace("'", "''"));
    }

    /** Moves a row to a moment if nobody else has moved it. Who moves it owes what was due then. */
    boolean move(CronRow row, Instant to) {
        return jdbc.update(
                        move,
                        p -> p.time(to)
                                .text(name)
                                .text(row.entry())
                                .text(row.expression())
                                .text(row.timezone())
                                .time(row.lastAt()))
                == 1;
    }
}
