package io.reactiveipc.internal.buffer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Calls any method of Agrona's buffer interfaces with arguments made up by type. */
final class Calls {
    private Calls() {}

    static Object invoke(Method method, Object receiver, int number) throws Throwable {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(types[i], number);
        }
        try {
            return method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object argument(Class<?> type, int number) {
        if (type == int.class) {
            return number;
        } else if (type == long.class) {
            return (long) number;
        } else if (type == short.class) {
            return (short) number;
        } else if (type == byte.class) {
            return (byte) number;
        } else if (type == char.class) {
            return (char) number;
        } else if (type == double.class) {
            return (double) number;
        } else if (type == float.class) {
            return (float) number;
        } else if (type == byte[].class) {
            return new byte[32];
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(32);
        } else if (type == ByteOrder.class) {
            return ByteOrder.BIG_ENDIAN;
        } else if (type == Appendable.class) {
            return new StringBuilder();
        } else if (type == String.class || type == CharSequence.class) {
            return "8 chars.";
        } else if (type == DirectBuffer.class || type == MutableDirectBuffer.class) {
            return new VarHandleBuffer(ByteBuffer.allocate(32));
        }
        throw new AssertionError("no argument for a " + type + "; add one");
    }
}
