package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobCursor;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobPage;
import dev.kerrera.job.JobQuery;
import dev.kerrera.job.JobTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads jobs. Sees what the caller's transaction has written. */
public final class Finding {

    private static final String FIND = "SELECT " + JobRows.COLUMNS + " FROM ${schema}.oban_jobs WHERE id = ?";

    private static final String PAGE =
            "SELECT " + JobRows.COLUMNS + " FROM ${schema}.oban_jobs WHERE ${filter} ORDER BY ${order} LIMIT ?";

    private static final String COUNT = "SELECT count(*) FROM ${schema}.oban_jobs WHERE ${filter}";

    private final Jdbc jdbc;
    private final Prefix prefix;
    private final String find;

    public Finding(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.prefix = prefix;
        this.find = prefix.in(FIND);
    }

    /** One job. */
    public Optional<Job> find(long id) {
        return jdbc.query(find, p -> p.number(id), JobRows::map).stream().findFirst();
    }

    /** A page of jobs. One more than asked for is read, to know whether another page follows. */
    public JobPage find(JobQuery query) {
        Fragment conditions = conditions(query);
        String page = PAGE.replace("${filter}", conditions.sql()).replace("${order}", order(query));
        return query.page(jdbc.query(
                prefix.in(page),
                p -> {
                    conditions.values().bind(p);
                    p.number(query.limit() + 1);
                },
                JobRows::map));
    }

    /** How many jobs match. */
    public long count(JobFilter filter) {
        Fragment condition = FilterSql.of(filter);
        String count = COUNT.replace("${filter}", condition.sql());
        return jdbc.query(prefix.in(count), condition.values(), row -> row.number())
                .get(0);
    }

    private static Fragment conditions(JobQuery query) {
        List<Fragment> all = new ArrayList<>();
        all.add(FilterSql.of(query.filter()));
        query.orderedBy().ifPresent(time -> all.add(new Fragment(time.label() + " IS NOT NULL", p -> {})));
        query.after().ifPresent(cursor -> all.add(after(cursor)));
        return Fragment.join(all, " AND ");
    }

    private static Fragment after(JobCursor cursor) {
        String beyond = cursor.ascending() ? ">" : "<";
        JobTime time = cursor.orderedBy();
        return time == null
                ? new Fragment("id %s ?".formatted(beyond), p -> p.number(cursor.id()))
                : new Fragment(
                        "(%s, id) %s (?, ?)".formatted(time.label(), beyond),
                        p -> p.time(cursor.time()).number(cursor.id()));
    }

    private static String order(JobQuery query) {
        String direction = query.isAscending() ? " ASC" : " DESC";
        return query.orderedBy().map(time -> time.label() + direction + ", ").orElse("") + "id" + direction;
    }
}
