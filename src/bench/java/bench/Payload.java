package bench;

/**
 * The args of every job.
 *
 * @param id number of the job in its workload
 */
public record Payload(long id) {}
