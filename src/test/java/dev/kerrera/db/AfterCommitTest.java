package dev.kerrera.db;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AfterCommitTest {

    private final FakeTransactions container = new FakeTransactions();
    private final Transactions transactions = Transactions.of(container);
    private final List<List<String>> told = new ArrayList<>();
    private final AfterCommit<String> afterCommit = new AfterCommit<>(transactions, this::hear);

    private void hear(Set<String> elements) {
        told.add(List.copyOf(elements));
    }

    @Test
    void without_a_transaction_an_element_is_told_at_once() {
        afterCommit.tell("a");
        afterCommit.tell("a");

        assertThat(told).containsExactly(List.of("a"), List.of("a"));
    }

    @Test
    void without_a_container_an_element_is_told_at_once() {
        new AfterCommit<>(Transactions.none(), this::hear).tell("a");

        assertThat(told).containsExactly(List.of("a"));
    }

    @Test
    void a_commit_tells_each_element_once_in_the_order_of_first_mention() {
        container.begin();
        afterCommit.tell("b");
        afterCommit.tell("a");
        afterCommit.tell("b");
        afterCommit.tell("c");
        assertThat(told).isEmpty();

        container.commit();

        assertThat(told).containsExactly(List.of("b", "a", "c"));
    }

    @Test
    void a_rollback_tells_nothing() {
        container.begin();
        afterCommit.tell("a");

        container.rollback();

        assertThat(told).isEmpty();
    }

    @Test
    void a_transaction_marked_for_rollback_tells_nothing() {
        container.begin();
        afterCommit.tell("before");
        container.setRollbackOnly();
        afterCommit.tell("after");

        container.commit();

        assertThat(told).isEmpty();
    }

    @Test
    void a_transaction_marked_for_rollback_beforehand_takes_nothing() {
        container.begin();
        container.setRollbackOnly();
        afterCommit.tell("after");

        container.rollback();

        assertThat(told).isEmpty();
    }

    @Test
    void nothing_of_a_rollback_is_told_by_the_next_commit() {
        container.begin();
        afterCommit.tell("a");
        container.rollback();
        container.begin();
        afterCommit.tell("b");
        container.commit();

        assertThat(told).containsExactly(List.of("b"));
    }

    @Test
    void an_inner_transaction_is_told_on_its_own() {
        container.begin();
        afterCommit.tell("outer");
        container.begin();
        afterCommit.tell("inner");

        container.commit();
        assertThat(told).containsExactly(List.of("inner"));

        afterCommit.tell("outer, later");
        container.commit();
        assertThat(told).containsExactly(List.of("inner"), List.of("outer", "outer, later"));
    }

    @Test
    void an_inner_rollback_keeps_nothing_from_the_outer_commit() {
        container.begin();
        afterCommit.tell("outer");
        container.begin();
        afterCommit.tell("inner");

        container.rollback();
        container.commit();

        assertThat(told).containsExactly(List.of("outer"));
    }

    @Test
    void two_gatherings_in_one_transaction_are_kept_apart() {
        List<String> others = new ArrayList<>();
        AfterCommit<String> other = new AfterCommit<>(transactions, others::addAll);
        container.begin();
        afterCommit.tell("a");
        other.tell("b");

        container.commit();

        assertThat(told).containsExactly(List.of("a"));
        assertThat(others).containsExactly("b");
    }

    @Test
    void what_is_told_while_a_commit_is_being_reported_is_told_at_once() {
        container.begin();
        container.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                afterCommit.tell("late");
            }
        });

        container.commit();

        assertThat(told).containsExactly(List.of("late"));
    }

    @Test
    void a_thread_is_in_a_transaction_until_that_has_ended() {
        assertThat(transactions.active()).isFalse();
        container.begin();
        assertThat(transactions.active()).isTrue();
        container.setRollbackOnly();
        assertThat(transactions.active()).isTrue();
        container.rollback();
        assertThat(transactions.active()).isFalse();
        assertThat(Transactions.none().active()).isFalse();
    }
}
