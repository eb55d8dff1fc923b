package dev.kerrera.maintenance;

import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import jakarta.json.JsonArray;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Inserts the jobs of the crontab when they are due, where this node leads; Oban's <em>cron</em>. Thread-safe.
 *
 * <p>How far each entry has come is in a table, and the row moves on in the transaction that inserts the job. So each time of an entry
 * inserts one job, whoever leads, and whatever clocks do. Between two times nothing is asked of the database.
 */
public final class Crontab implements Service {

    private static final System.Logger LOG = System.getLogger(Crontab.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final CronEntries entries;
    private final CronFiring firing;
    private final Clock clock;
    private final BooleanSupplier leads;
    private final Duty duty;
    private final Map<String, Alarm> alarms = new HashMap<>(); // of the loop alone, like everything below
    private final Set<String> booted = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> ahead = new HashSet<>();

    Crontab(CronEntries entries, BooleanSupplier leads, CronFiring firing, Clock clock, RandomGenerator random) {
        this.entries = entries;
        this.firing = firing;
        this.clock = clock;
        this.leads = leads;
        this.duty = new Duty("The crontab", PERIOD, this::leads, this::turn, random);
        entries.entries().forEach(entry -> alarms.put(entry.name(), new Alarm()));
    }

    /** Begins to insert jobs, if there are entries. */
    @Override
    public void start(ScheduledExecutorService timer) {
        if (isEnabled()) {
            duty.start(timer);
        }
    }

    /** Inserts no more. */
    @Override
    public void stop() {
        duty.stop();
    }

    /** How its loop is doing. */
    @Override
    public LoopStatus loop() {
        return duty.status();
    }

    /** Whether there is anything for it to do. */
    @Override
    public boolean isEnabled() {
        return !entries.entries().isEmpty();
    }

    /**
     * The entries as Oban's <em>cronitor</em> message lists them: each an array of expression, worker, and an object of the options that
     * were given ({@code args}, {@code meta}, {@code queue}, {@code max_attempts}, {@code priority}, {@code tags}, {@code timezone}).
     */
    public List<JsonArray> crontab() {
        return entries.entries().stream().map(CronEntry::triple).toList();
    }

    private boolean leads() {
        boolean leading = leads.getAsBoolean();
        if (!leading) {
            alarms.values().forEach(Alarm::forget);
        }
        return leading;
    }

    void turn() {
        Instant now = clock.instant();
        List<CronEntry> ringing = entries.entries().stream()
                .filter(entry -> alarm(entry).rings(now))
                .sorted(Comparator.comparing(
                        entry -> failing.contains(entry.name()))) // they may have to wait for their failure
                .toList();
        if (!ringing.isEmpty()) {
            Map<String, CronRow> rows = firing.rows().read();
            ringing.forEach(entry -> turn(entry, rows, now));
        }
    }

    /** What is not done goes on ringing. */
    private void turn(CronEntry entry, Map<String, CronRow> rows, Instant now) {
        try {
            if (entry.schedule().expression().isReboot() ? boot(entry, now) : fire(entry, rows, now)) {
                alarm(entry).set(entry.schedule().next(now), now);
            }
            if (failing.remove(entry.name())) {
                LOG.log(System.Logger.Level.INFO, "Cron entry %s works again".formatted(entry.name()));
            }
        } catch (RuntimeException failure) {
            System.Logger.Level level =
                    failing.add(entry.name()) ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
            LOG.log(level, "Cron entry %s failed and is tried again at once".formatted(entry.name()), failure);
        }
    }

    private boolean boot(CronEntry entry, Instant now) {
        if (!booted.contains(entry.name())) {
            firing.boot(entry, now);
            booted.add(entry.name());
        }
        return true;
    }

    private boolean fire(CronEntry entry, Map<String, CronRow> rows, Instant now) {
        Instant since = alarm(entry).since(now);
        CronRow row = firing.rows()
                .of(entry.schedule(), rows.get(entry.name()), since, now)
                .orElse(null);
        if (row == null) {
            return true;
        }
        warnIfAhead(row, now);
        Due due = Due.of(entry.schedule(), row.lastAt(), now, entry.catchUp(), entries.catchUpWithin());
        boolean done = firing.fire(entry, row, due);
        if (done) {
            due.passedOver().ifPresent(latest -> tell(entry, row, latest));
        }
        return done;
    }

    private Alarm alarm(CronEntry entry) {
        return Objects.requireNonNull(alarms.get(entry.name()));
    }

    private static void tell(CronEntry entry, CronRow row, Instant latest) {
        LOG.log(
                System.Logger.Level.INFO,
                "Cron entry %s missed its times after %s, the latest at %s; at most %d are made up for"
                        .formatted(
                                entry.name(),
                                row.lastAt(),
                                latest,
                                entry.catchUp().most()));
    }

    /** A clock that once was far ahead leaves a row behind that keeps the entry silent until then. */
    private void warnIfAhead(CronRow row, Instant now) {
        if (!row.lastAt().isAfter(now.plus(Due.TOLERANCE))) {
            ahead.remove(row.entry());
        } else if (ahead.add(row.entry())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Cron entry %s has come as far as %s, which is not yet by the clock of this node: it is silent until then. If that clock is right: %s"
                            .formatted(row.entry(), row.lastAt(), firing.rows().remedy(row)));
        }
    }
}
