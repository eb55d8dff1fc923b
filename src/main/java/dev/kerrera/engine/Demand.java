package dev.kerrera.engine;

/**
 * What a producer wants.
 *
 * @param owner who is to run the jobs
 * @param room how many jobs at most
 * @param after jobs up to there are passed over
 */
public record Demand(String queue, Owner owner, int room, Position after) {

    /** The most urgent ones. */
    public Demand(String queue, Owner owner, int room) {
        this(queue, owner, room, Position.TOP);
    }
}
