package dev.kerrera.maintenance;

import dev.kerrera.config.CatchUp;
import dev.kerrera.config.ReindexerSettings;
import dev.kerrera.cron.CronExpression;
import dev.kerrera.cron.CronSyntaxException;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Builds indexes anew on a schedule, where this node leads; Oban's <em>reindexer</em>. Thread-safe.
 *
 * <p>It has a row among the cron entries, so that each time is acted on once, whoever leads. A time that was missed is not made up for.
 */
public final class Reindexer implements Service {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final String ENTRY = "$reindexer";
    private static final CatchUp SKIP = new CatchUp(0);

    private final ReindexerSettings settings;
    private final CronRows rows;
    private final Reindexing reindexing;
    private final Clock clock;
    private final Alarm alarm = new Alarm();
    private final BooleanSupplier leads;
    private final Duty duty;
    private volatile boolean stopping;
    private volatile boolean busy;

    Reindexer(
            ReindexerSettings settings,
            BooleanSupplier leads,
            CronRows rows,
            Reindexing reindexing,
            Clock clock,
            RandomGenerator random) {
        this.settings = settings;
        this.rows = rows;
        this.reindexing = reindexing;
        this.clock = clock;
        this.leads = leads;
        this.duty = new Duty("The reindexer", PERIOD, alarm.forgetUnless(leads), this::turn, random);
    }

    /** What is wrong with its settings, one sentence each. */
    public static List<String> problems(ReindexerSettings settings) {
        try {
            return CronExpression.parse(settings.schedule()).isReboot()
                    ? List.of("kerrera.reindexer.schedule must name times such as @midnight, was '@reboot'")
                    : List.of();
        } catch (CronSyntaxException unreadable) {
            return List.of(
                    "kerrera.reindexer.schedule is '%s': %s".formatted(settings.schedule(), unreadable.getMessage()));
        }
    }

    /** Begins to reindex, if it is switched on. */
    @Override
    public void start(ScheduledExecutorService timer) {
        if (settings.enabled()) {
            duty.start(timer);
        }
    }

    /** Begins no more statements. One under way ends by itself, at its timeout at the latest. */
    @Override
    public void stop() {
        stopping = true;
        duty.stop();
    }

    /** How its loop is doing. While it waits for a statement, which has a timeout of its own, it turns. */
    @Override
    public LoopStatus loop() {
        LoopStatus status = duty.status();
        return busy ? new LoopStatus(status.name(), status.age(), true) : status;
    }

    /** Whether it is to run at all. */
    @Override
    public boolean isEnabled() {
        return settings.enabled();
    }

    void turn() {
        Instant now = clock.instant();
        if (!alarm.rings(now)) {
            return;
        }
        Schedule schedule = new Schedule(ENTRY, CronExpression.parse(settings.schedule()), settings.timezone());
        boolean mine = rows.of(schedule, rows.read().get(ENTRY), alarm.since(now), now)
                .filter(row -> take(row, Due.of(schedule, row.lastAt(), now, SKIP, Duration.ZERO)))
                .isPresent();
        alarm.set(schedule.next(now), now);
        if (mine) {
            reindex();
        }
    }

    /** Whether something is due and nobody else has taken it. Several times that are due are one. */
    private boolean take(CronRow row, Due due) {
        List<Instant> times = due.times();
        if (!times.isEmpty()) {
            return rows.move(row, times.get(times.size() - 1));
        }
        due.passedOver().ifPresent(missed -> rows.move(row, missed));
        return false;
    }

    private void reindex() {
        busy = true;
        try {
            reindexing.reindex(settings.indexes(), settings.timeout(), () -> !stopping && leads.getAsBoolean());
        } finally {
            busy = false;
        }
    }
}
