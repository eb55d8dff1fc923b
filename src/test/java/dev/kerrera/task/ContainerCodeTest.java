package dev.kerrera.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.db.FakeTransactions;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerCodeTest {

    private static final String ENDED_BY_WORKER =
            "the transaction that was to complete the job was ended by its worker: leave commit and rollback to Kerrera, or use Completion.SEPARATE";

    private final List<String> done = new ArrayList<>();
    private final FakeTransactions transactions = new FakeTransactions();
    private final Transaction transaction = new Transaction();
    private final RequestScope scope = new RequestScope();
    private final Map<Object, Integer> given = new HashMap<>();
    private final ContainerCode code = new ContainerCode(
            task -> {
                done.add("apart");
                task.run();
            },
            instance(scope),
            transactions,
            instance(transaction));

    @Test
    void code_is_called_apart_and_in_a_request_scope() throws Exception {
        String returned = code.call(() -> {
            done.add("call");
            return "value";
        });

        assertThat(returned).isEqualTo("value");
        assertThat(done).containsExactly("apart", "activate", "call", "deactivate");
    }

    @Test
    void a_controller_of_the_scope_serves_one_call_after_another() throws Exception {
        code.call(() -> "first");
        code.call(() -> code.call(() -> "within another"));

        assertThat(done).doesNotContain("destroy");
        assertThat(given).containsEntry(scope, 2);
    }

    @Test
    void a_class_loader_that_is_left_behind_is_taken_away() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        code.call(() -> {
            Thread.currentThread().setContextClassLoader(new ClassLoader(before) {});
            return null;
        });

        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void a_transaction_that_is_left_open_is_rolled_back_and_fails_the_call() {
        assertThatIllegalStateException()
                .isThrownBy(() -> code.call(() -> {
                    transaction.begin();
                    return null;
                }))
                .withMessage(
                        "a transaction was left open and has been rolled back: commit what is begun, or use @Transactional");
        assertThat(done).containsSubsequence("begin", "rollback", "deactivate");
    }

    @Test
    void work_and_conclusion_are_one_transaction() throws Exception {
        String concluded = code.inTransaction(
                () -> {
                    done.add("work");
                    return 1;
                },
                worked -> {
                    done.add("conclude " + worked);
                    return "concluded";
                });

        assertThat(concluded).isEqualTo("concluded");
        assertThat(done).containsExactly("begin", "work", "conclude 1", "commit");
    }

    @Test
    void work_that_throws_is_rolled_back_and_not_concluded() {
        IOException thrown = new IOException("broken");

        assertThatThrownBy(() -> code.inTransaction(
                        () -> {
                            throw thrown;
                        },
                        worked -> done.add("conclude")))
                .isSameAs(thrown);

        assertThat(done).containsExactly("begin", "rollback");
    }

    @Test
    void an_error_is_rolled_back_too() {
        assertThatThrownBy(() -> code.inTransaction(
                        () -> {
                            throw new StackOverflowError();
                        },
                        worked -> done.add("conclude")))
                .isInstanceOf(StackOverflowError.class);

        assertThat(done).containsExactly("begin", "rollback");
    }

    @Test
    void a_conclusion_that_throws_rolls_the_work_back() {
        IOException thrown = new IOException("lost");

        assertThatThrownBy(() -> code.inTransaction(() -> done.add("work"), worked -> {
                    throw thrown;
                }))
                .isSameAs(thrown);

        assertThat(done).containsExactly("begin", "work", "rollback");
    }

    @Test
    void a_commit_that_fails_is_told() {
        transaction.commitFails = true;

        assertThatThrownBy(() -> code.inTransaction(() -> 1, worked -> worked))
                .isInstanceOf(RollbackException.class)
                .hasMessage("the commit failed");

        assertThat(done).containsExactly("begin", "commit");
    }

    @Test
    void work_that_marked_the_transaction_for_rollback_is_not_committed() {
        assertThatThrownBy(() -> code.inTransaction(
                        () -> {
                            transaction.setRollbackOnly();
                            return 1;
                        },
                        worked -> worked))
                .isInstanceOf(RollbackException.class);
    }

    @Test
    void a_transaction_that_cannot_begin_is_told_and_nothing_is_done() {
        transaction.beginFails = true;

        assertThatThrownBy(() -> code.inTransaction(() -> done.add("work"), worked -> done.add("conclude")))
                .isInstanceOf(NotSupportedException.class);

        assertThat(done).containsExactly("begin");
    }

    @Test
    void a_rollback_that_fails_does_not_hide_why_it_was_needed() {
        transaction.rollbackFails = true;
        IOException thrown = new IOException("broken");

        assertThatThrownBy(() -> code.inTransaction(
                        () -> {
                            throw thrown;
                        },
                        worked -> worked))
                .isSameAs(thrown)
                .satisfies(first -> assertThat(first.getSuppressed()[0]).hasMessage("the rollback failed"));
    }

    @Test
    void a_worker_that_committed_the_transaction_itself_is_told_so() {
        assertThatIllegalStateException()
                .isThrownBy(() -> code.inTransaction(
                        () -> {
                            transaction.commit();
                            return 1;
                        },
                        worked -> done.add("conclude")))
                .withMessage(ENDED_BY_WORKER);

        assertThat(done).containsExactly("begin", "commit");
    }

    @Test
    void a_worker_that_rolled_the_transaction_back_itself_is_told_so() {
        assertThatIllegalStateException()
                .isThrownBy(() -> code.inTransaction(
                        () -> {
                            transaction.rollback();
                            return 1;
                        },
                        worked -> done.add("conclude")))
                .withMessage(ENDED_BY_WORKER);

        assertThat(done).containsExactly("begin", "rollback");
    }

    @Test
    void a_worker_that_went_on_in_another_transaction_is_told_so_and_that_one_is_rolled_back() {
        assertThatIllegalStateException()
                .isThrownBy(() -> code.inTransaction(
                        () -> {
                            transaction.commit();
                            transaction.begin();
                            return 1;
                        },
                        worked -> done.add("conclude")))
                .withMessage(ENDED_BY_WORKER);

        assertThat(done).containsExactly("begin", "commit", "begin", "rollback");
    }

    @Test
    void an_inner_transaction_that_was_begun_and_ended_is_none_of_our_business() throws Exception {
        code.inTransaction(
                () -> {
                    transactions.begin();
                    transactions.commit();
                    return 1;
                },
                worked -> worked);

        assertThat(done).containsExactly("begin", "commit");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.000000001S, 1",
        "PT0.05S, 1",
        "PT1S, 1",
        "PT1.000000001S, 2",
        "PT1.5S, 2",
        "PT2M, 120",
        "P365000D, 2147483647"
    })
    void the_limit_is_rounded_up_to_seconds_and_taken_back_afterwards(String most, int seconds) throws Exception {
        String returned = code.withTransactionLimit(Duration.parse(most), () -> {
            done.add("call");
            return "value";
        });

        assertThat(returned).isEqualTo("value");
        assertThat(done).containsExactly("limit " + seconds, "call", "limit 0");
    }

    @Test
    void the_limit_is_taken_back_after_a_failure_too() {
        IOException thrown = new IOException("broken");

        assertThatThrownBy(() -> code.withTransactionLimit(Duration.ofSeconds(3), () -> {
                    throw thrown;
                }))
                .isSameAs(thrown);

        assertThat(done).containsExactly("limit 3", "limit 0");
    }

    @SuppressWarnings("unchecked") // a proxy of a generic type
    private <T> Instance<T> instance(T one) {
        return (Instance<T>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Instance.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("get")) {
                        given.merge(one, 1, Integer::sum);
                        return one;
                    }
                    done.add(method.getName());
                    return null;
                });
    }

    private final class RequestScope implements RequestContextController {

        @Override
        public boolean activate() {
            done.add("activate");
            return true;
        }

        @Override
        public void deactivate() {
            done.add("deactivate");
        }
    }

    private final class Transaction implements UserTransaction {

        boolean beginFails;
        boolean commitFails;
        boolean rollbackFails;

        @Override
        public void begin() throws NotSupportedException {
            done.add("begin");
            if (beginFails) {
                throw new NotSupportedException("there is one already");
            }
            transactions.begin();
        }

        @Override
        public void commit() throws RollbackException {
            done.add("commit");
            boolean marked = transactions.getRollbackOnly();
            transactions.commit();
            if (commitFails || marked) {
                throw new RollbackException("the commit failed");
            }
        }

        @Override
        public void rollback() throws SystemException {
            done.add("rollback");
            if (rollbackFails) {
                throw new SystemException("the rollback failed");
            }
            transactions.rollback();
        }

        @Override
        public void setRollbackOnly() {
            transactions.setRollbackOnly();
        }

        @Override
        public int getStatus() {
            return transactions.getTransactionStatus();
        }

        @Override
        public void setTransactionTimeout(int seconds) {
            done.add("limit " + seconds);
        }
    }
}
