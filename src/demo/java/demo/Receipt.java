package demo;

import java.math.BigDecimal;

/**
 * What the receipt worker needs to know; stored as the job's args.
 *
 * @param order id of the order
 * @param customer who gets it
 * @param total what it says
 */
public record Receipt(long order, String customer, BigDecimal total) {}
