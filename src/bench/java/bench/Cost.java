package bench;

/**
 * What had been used up at some moment.
 *
 * @param nanos the moment, by {@code System.nanoTime}
 * @param client CPU seconds of the server, or of all of them
 * @param postgres CPU seconds of PostgreSQL with all its processes
 * @param busy CPU seconds of the whole machine
 * @param wal bytes of WAL written
 */
record Cost(long nanos, double client, double postgres, double busy, long wal) {

    double secondsSince(Cost before) {
        return (nanos - before.nanos) / 1e9;
    }
}
