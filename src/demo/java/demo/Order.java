package demo;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a customer ordered, and the job that sends the receipt. */
@Entity
@Table(name = "demo_orders")
public class Order {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable Long id;

    String customer = "";

    BigDecimal total = BigDecimal.ZERO;

    @Column(name = "receipt_job")
    @Nullable Long receiptJob;

    /** For Hibernate. */
    protected Order() {}

    /** A new order, not stored yet. */
    public Order(String customer, BigDecimal total) {
        this.customer = customer;
        this.total = total;
    }
}
