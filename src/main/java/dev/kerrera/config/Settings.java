package dev.kerrera.config;

import java.time.Duration;
import java.util.Map;

/**
 * The settings of one instance, read, defaulted and validated once.
 *
 * @param enabled whether Kerrera starts
 * @param name instance name, as it stands in {@code oban_peers}
 * @param node name of this node, without white space
 * @param prefix schema of the tables
 * @param datasource JNDI name of the data source
 * @param migration what is done to the schema at the start
 * @param queues queues known on this node by name, in configured order
 * @param dispatchCooldown the cooldown of queues that have none of their own
 * @param pollInterval how often the table is asked for work
 * @param shutdownGracePeriod how long a stop waits for running jobs
 * @param stopWindow how long the server waits for the application to stop
 * @param interruptGracePeriod how long an interrupted job may take to end before it loses its place
 * @param results what becomes of a job when its run has ended
 * @param notifier how new jobs are heard of and announced
 * @param peer how a leader is found
 * @param pruner how long ended jobs are kept
 * @param stager how due jobs become available
 * @param lifeline how jobs of dead owners are found
 * @param met what Oban Web is told
 * @param cron what the configuration says of the crontab
 * @param reindexer how indexes are built anew
 */
public record Settings(
        boolean enabled,
        String name,
        String node,
        Prefix prefix,
        String datasource,
        MigrationSettings migration,
        Map<String, QueueSettings> queues,
        Duration dispatchCooldown,
        Duration pollInterval,
        Duration shutdownGracePeriod,
        Duration stopWindow,
        Duration interruptGracePeriod,
        ResultSettings results,
        NotifierSettings notifier,
        PeerSettings peer,
        PrunerSettings pruner,
        StagerSettings stager,
        LifelineSettings lifeline,
        MetSettings met,
        CronSettings cron,
        ReindexerSettings reindexer) {

    /** How a queue of that name runs on this node, which may not know it. */
    public QueueSettings queue(String queue) {
        return queues.getOrDefault(queue, new QueueSettings(queue, 0, false, dispatchCooldown));
    }

    /** How messages for this node alone are addressed: {@code <name>.<node>}. */
    public String ident() {
        return name + "." + node;
    }
}
