package demo;

/**
 * An order that was placed.
 *
 * @param order id of the order
 * @param job id of the job that sends its receipt
 */
public record PlacedOrder(long order, long job) {}
