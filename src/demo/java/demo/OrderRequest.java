package demo;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends.
 *
 * @param customer who orders
 * @param total what it costs
 */
public record OrderRequest(
        @Nullable String customer, @Nullable BigDecimal total) {}
