package dev.kerrera.config;

/**
 * What is done to the schema at the start.
 *
 * @param enabled whether anything is; otherwise it is only verified
 * @param tableSettings whether the jobs table gets settings for much traffic where none are chosen
 * @param ginIndexes whether the jobs table keeps the GIN indexes it has
 */
public record MigrationSettings(boolean enabled, boolean tableSettings, boolean ginIndexes) {

    /** All that is done by default. */
    public static final MigrationSettings DEFAULT = new MigrationSettings(true, true, true);
}
