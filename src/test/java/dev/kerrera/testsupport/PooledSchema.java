package dev.kerrera.testsupport;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test a {@link TestSchema} of its own, as a parameter of the test, of its {@code @BeforeEach} or of its
 * constructor: all three get the same one. It goes back, emptied, when the test ends. As a parameter of
 * {@code @BeforeAll} the schema is shared by the class.
 *
 * <pre>{@code
 * @ExtendWith(PooledSchema.class)
 * class FetchingTest {
 *     @Test
 *     void takes_the_oldest_first(TestSchema schema) { … }
 * }
 * }</pre>
 */
public final class PooledSchema implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(PooledSchema.class);

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestSchema.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Loan.class, key -> new Loan(Schemas.borrow()), Loan.class)
                .schema();
    }

    private record Loan(TestSchema schema) implements AutoCloseable {

        @Override
        public void close() {
            Schemas.giveBack(schema);
        }
    }
}
