package dev.kerrera.config;

/**
 * Every configuration key Kerrera knows, with its type, its default and one line of description.
 *
 * <p>The list is the single source for reading, for recognising unknown keys and for the reference page, so a key that is
 * not here does not exist. A {@code <name>} inside a key stands for the name of a queue, of a cron entry or of an
 * instance.
 */
public enum Key {
    ENABLED("kerrera.enabled", "boolean", "true", "Whether this application starts Kerrera at all."),
    NAME("kerrera.name", "string", "Kerrera", "Instance name; leadership and the crontab belong to it."),
    NODE("kerrera.node", "string", "host name", "Name of this node, unique among the nodes of one instance name."),
    INSTANCES(
            "kerrera.instances",
            "name,…",
            "none",
            "Further instances of this application, each with tables of its own."),
    INSTANCE(
            "kerrera.instance.<name>.…",
            "as the key",
            "as the key",
            "Any key for one of the further instances, such as `kerrera.instance.reports.prefix`."),
    PREFIX("kerrera.prefix", "string", "public", "PostgreSQL schema that holds the tables."),
    DATASOURCE("kerrera.datasource", "JNDI name", "jdbc/kerrera", "Data source of the jobs table."),
    MIGRATE("kerrera.migrate", "boolean", "true", "Create missing tables at start; when false they are only verified."),
    MIGRATE_TABLE_SETTINGS(
            "kerrera.migrate.table-settings",
            "boolean",
            "true",
            "Whether migrating gives the jobs table settings for much traffic, where none are chosen."),
    MIGRATE_GIN_INDEXES(
            "kerrera.migrate.gin-indexes",
            "boolean",
            "true",
            "Keep the GIN indexes of args and meta; when false migrating drops them."),
    QUEUES("kerrera.queues", "name:limit,…", "default:10", "Queues of this node and their limits."),
    QUEUE_LIMIT(
            "kerrera.queues.<name>.limit",
            "integer",
            "none",
            "Jobs of one queue that run at once on this node; 0 declares a queue that other nodes work."),
    QUEUE_PAUSED(
            "kerrera.queues.<name>.paused",
            "boolean",
            "false",
            "Whether a queue takes no jobs on this node until it is resumed."),
    QUEUE_DISPATCH_COOLDOWN(
            "kerrera.queues.<name>.dispatch-cooldown",
            "duration",
            "kerrera.dispatch-cooldown",
            "Least time between two looks of one queue for jobs, on average."),
    DISPATCH_COOLDOWN(
            "kerrera.dispatch-cooldown",
            "duration",
            "0ms",
            "The same for every queue without a value of its own; 0 looks as often as there is reason to."),
    POLL_INTERVAL("kerrera.poll-interval", "duration", "1s", "How often the table is asked for work nobody announced."),
    SHUTDOWN_GRACE_PERIOD(
            "kerrera.shutdown-grace-period", "duration", "15s", "How long a stop waits for running jobs."),
    STOP_WINDOW(
            "kerrera.stop-window",
            "duration",
            "30s",
            "How long the server waits for the application to stop; a longer stop is warned of at the start."),
    INTERRUPT_GRACE_PERIOD(
            "kerrera.interrupt-grace-period",
            "duration",
            "10s",
            "How long a job that was cancelled or timed out may take to end before its place is given to another."),
    JOBS_DELETE_COMPLETED(
            "kerrera.jobs.delete-completed",
            "boolean",
            "false",
            "Delete a job as soon as it has completed, instead of keeping it until it is pruned."),
    JOBS_DURABLE_RESULTS(
            "kerrera.jobs.durable-results",
            "boolean",
            "true",
            "Write completions to the disk before they count; when false a crash of the database runs some jobs again."),
    NOTIFIER_MODE(
            "kerrera.notifier.mode",
            "listen | own-connection | poll",
            "listen",
            "Hold a LISTEN connection, hold one to kerrera.notifier.url only, or rely on polling alone."),
    NOTIFIER_URL(
            "kerrera.notifier.url",
            "JDBC URL",
            "the data source's",
            "Server of the notifier's own connections, which bypass the pool."),
    NOTIFIER_USER("kerrera.notifier.user", "string", "the data source's", "User of the notifier's own connections."),
    NOTIFIER_PASSWORD("kerrera.notifier.password", "string", "none", "Password of the notifier's own connections."),
    NOTIFIER_TRANSACTIONAL(
            "kerrera.notifier.transactional",
            "boolean",
            "false",
            "Send NOTIFY inside the caller's transaction instead of after its commit."),
    NOTIFIER_DEBOUNCE(
            "kerrera.notifier.debounce",
            "duration",
            "5ms",
            "Least time between two sends of this node; messages of one transaction go together."),
    PEER_ENABLED("kerrera.peer.enabled", "boolean", "true", "Whether this node may lead the instances of its name."),
    PEER_INTERVAL(
            "kerrera.peer.interval",
            "duration",
            "5s",
            "How often a leader renews its lease, and others try to get it."),
    PEER_LEASE(
            "kerrera.peer.lease",
            "duration",
            "20s",
            "How long a lease lasts from its renewal; at least three intervals."),
    PRUNER_ENABLED("kerrera.pruner.enabled", "boolean", "true", "Whether ended jobs are deleted after a time."),
    PRUNER_INTERVAL("kerrera.pruner.interval", "duration", "30s", "How often ended jobs are looked for."),
    PRUNER_LIMIT(
            "kerrera.pruner.limit",
            "integer",
            "10000",
            "Jobs of each state deleted by one run of the pruner; with its interval, what it can keep up with."),
    PRUNER_COMPLETED_AFTER("kerrera.pruner.completed-after", "duration", "1d", "How long completed jobs are kept."),
    PRUNER_CANCELLED_AFTER("kerrera.pruner.cancelled-after", "duration", "7d", "How long cancelled jobs are kept."),
    PRUNER_DISCARDED_AFTER("kerrera.pruner.discarded-after", "duration", "7d", "How long discarded jobs are kept."),
    STAGER_INTERVAL("kerrera.stager.interval", "duration", "1s", "How often due jobs are made available."),
    STAGER_LIMIT(
            "kerrera.stager.limit",
            "integer",
            "5000",
            "Due jobs made available by one statement; while it finds that many, the next follows at once."),
    LIFELINE_INTERVAL(
            "kerrera.lifeline.interval",
            "duration",
            "10s",
            "How often this node gives a sign of life; it looks for nodes that give none twice as often."),
    LIFELINE_RESCUE_AFTER(
            "kerrera.lifeline.rescue-after",
            "duration",
            "45s",
            "How long a node must have been silent for its jobs to be run again; at least two intervals."),
    LIFELINE_RESCUE_UNKNOWN_AFTER(
            "kerrera.lifeline.rescue-unknown-after",
            "duration",
            "1h",
            "How long a job may run whose owner gives no signs of life at all, such as an Elixir node."),
    LIFELINE_MAX_DEATHS(
            "kerrera.lifeline.max-deaths",
            "integer",
            "3",
            "How many nodes in a row may die while they hold a job before it is discarded as poison."),
    MET_MODE(
            "kerrera.met.mode",
            "auto | on | off",
            "auto",
            "Report to Oban Web: while an Elixir node does, always, or never."),
    CRON_ENABLED("kerrera.cron.enabled", "boolean", "true", "Whether this node runs its crontab while it leads."),
    CRON_TIMEZONE("kerrera.cron.timezone", "time zone", "Etc/UTC", "Time zone of cron entries that name none."),
    CRON_CATCH_UP(
            "kerrera.cron.catch-up",
            "skip | once | all(n)",
            "once",
            "How many of the times an entry missed are made up for: none, the latest, or the latest n."),
    CRON_CATCH_UP_WITHIN(
            "kerrera.cron.catch-up-within", "duration", "7d", "How old a missed time may be to be made up for."),
    CRON_ENTRY_EXPRESSION(
            "kerrera.cron.entries.<name>.expression",
            "cron expression",
            "none",
            "When an entry of the crontab is due."),
    CRON_ENTRY_WORKER("kerrera.cron.entries.<name>.worker", "string", "none", "Name of the worker of its jobs."),
    CRON_ENTRY_ARGS("kerrera.cron.entries.<name>.args", "JSON object", "none", "Arguments of its jobs."),
    CRON_ENTRY_META("kerrera.cron.entries.<name>.meta", "JSON object", "none", "Metadata of its jobs."),
    CRON_ENTRY_QUEUE(
            "kerrera.cron.entries.<name>.queue",
            "string",
            "none",
            "Queue of its jobs instead of the worker's; required for a worker this application does not have."),
    CRON_ENTRY_TIMEZONE(
            "kerrera.cron.entries.<name>.timezone", "time zone", "none", "Time zone in which the entry is due."),
    CRON_ENTRY_CATCH_UP(
            "kerrera.cron.entries.<name>.catch-up",
            "skip | once | all(n)",
            "none",
            "How many of the times it missed are made up for."),
    CRON_ENTRY_MAX_ATTEMPTS(
            "kerrera.cron.entries.<name>.max-attempts",
            "integer",
            "none",
            "Attempts of its jobs instead of the worker's."),
    CRON_ENTRY_PRIORITY(
            "kerrera.cron.entries.<name>.priority",
            "integer",
            "none",
            "Priority of its jobs, 0 to 9, instead of the worker's."),
    CRON_ENTRY_TAGS("kerrera.cron.entries.<name>.tags", "tag,…", "none", "Tags of its jobs instead of the worker's."),
    CRON_ENTRY_ENABLED(
            "kerrera.cron.entries.<name>.enabled",
            "boolean",
            "true",
            "When false, the entry of that name is switched off, wherever it was declared."),
    REINDEXER_ENABLED(
            "kerrera.reindexer.enabled", "boolean", "false", "Whether indexes are built anew from time to time."),
    REINDEXER_SCHEDULE("kerrera.reindexer.schedule", "cron expression", "@midnight", "When they are."),
    REINDEXER_TIMEZONE("kerrera.reindexer.timezone", "time zone", "Etc/UTC", "Time zone of the reindexer's schedule."),
    REINDEXER_TIMEOUT("kerrera.reindexer.timeout", "duration", "15s", "How long each of its statements may take."),
    REINDEXER_INDEXES(
            "kerrera.reindexer.indexes",
            "name,…",
            "oban_jobs_args_index,oban_jobs_meta_index",
            "The indexes, named as PostgreSQL stores them.");

    private final String key;
    private final String type;
    private final String defaultText;
    private final String description;

    Key(String key, String type, String defaultText, String description) {
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
        this.description = description;
    }

    /** The name as it stands in a configuration source, in kebab-case. */
    public String key() {
        return key;
    }

    /** The kind of value, in words. */
    public String type() {
        return type;
    }

    /** The default, in words where it depends on the surroundings. */
    public String defaultText() {
        return defaultText;
    }

    /** What the key decides, in one sentence. */
    public String description() {
        return description;
    }
}
