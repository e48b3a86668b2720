package io.reactiveipc.internal.buffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.agrona.MutableDirectBuffer;

/** One plain access, numbered, on a buffer and on the ByteBuffer that tells what is right. Results: a value or "out of bounds". */
final class Accesses {
    static final int COUNT = 28;

    private static final String DONE = "done";

    private Accesses() {}

    static Object actual(int operation, MutableDirectBuffer buffer, int index, int length, long value) {
        return orOutOfBounds(() -> run(operation, buffer, index, length, value));
    }

    static Object expected(int operation, ByteBuffer oracle, int index, int length, long value) {
        return orOutOfBounds(() -> run(operation, oracle, index, length, value));
    }

    private static Object run(int operation, MutableDirectBuffer buffer, int index, int length, long value) {
        return switch (operation) {
            case 0 -> buffer.getLong(index);
            case 1 -> buffer.getLong(index, ByteOrder.BIG_ENDIAN);
            case 2 -> done(() -> buffer.putLong(index, value));
            case 3 -> done(() -> buffer.putLong(index, value, ByteOrder.BIG_ENDIAN));
            case 4 -> buffer.getInt(index);
            case 5 -> buffer.getInt(index, ByteOrder.BIG_ENDIAN);
            case 6 -> done(() -> buffer.putInt(index, (int) value));
            case 7 -> done(() -> buffer.putInt(index, (int) value, ByteOrder.BIG_ENDIAN));
            case 8 -> buffer.getShort(index);
            case 9 -> buffer.getShort(index, ByteOrder.BIG_ENDIAN);
            case 10 -> done(() -> buffer.putShort(index, (short) value));
            case 11 -> done(() -> buffer.putShort(index, (short) value, ByteOrder.BIG_ENDIAN));
            case 12 -> buffer.getChar(index);
            case 13 -> buffer.getChar(index, ByteOrder.BIG_ENDIAN);
            case 14 -> done(() -> buffer.putChar(index, (char) value));
            case 15 -> done(() -> buffer.putChar(index, (char) value, ByteOrder.BIG_ENDIAN));
            case 16 -> buffer.getDouble(index);
            case 17 -> Double.doubleToLongBits(buffer.getDouble(index, ByteOrder.BIG_ENDIAN));
            case 18 -> done(() -> buffer.putDouble(index, value));
            case 19 -> done(() -> buffer.putDouble(index, value, ByteOrder.BIG_ENDIAN));
            case 20 -> Float.floatToIntBits(buffer.getFloat(index));
            case 21 -> Float.floatToIntBits(buffer.getFloat(index, ByteOrder.BIG_ENDIAN));
            case 22 -> done(() -> buffer.putFloat(index, value));
            case 23 -> done(() -> buffer.putFloat(index, value, ByteOrder.BIG_ENDIAN));
            case 24 -> buffer.getByte(index);
            case 25 -> done(() -> buffer.putByte(index, (byte) value));
            case 26 -> {
                byte[] bytes = new byte[40];
                buffer.getBytes(index, bytes, 3, length);
                yield HexFormat.of().formatHex(bytes);
            }
            case 27 -> done(() -> buffer.setMemory(index, length, (byte) value));
            default -> throw new AssertionError(operation);
        };
    }

    private static Object run(int operation, ByteBuffer oracle, int index, int length, long value) {
        ByteBuffer big = oracle.duplicate().order(ByteOrder.BIG_ENDIAN);
        return switch (operation) {
            case 0 -> oracle.getLong(index);
            case 1 -> big.getLong(index);
            case 2 -> done(() -> oracle.putLong(index, value));
            case 3 -> done(() -> big.putLong(index, value));
            case 4 -> oracle.getInt(index);
            case 5 -> big.getInt(index);
            case 6 -> done(() -> oracle.putInt(index, (int) value));
            case 7 -> done(() -> big.putInt(index, (int) value));
            case 8 -> oracle.getShort(index);
            case 9 -> big.getShort(index);
            case 10 -> done(() -> oracle.putShort(index, (short) value));
            case 11 -> done(() -> big.putShort(index, (short) value));
            case 12 -> oracle.getChar(index);
            case 13 -> big.getChar(index);
            case 14 -> done(() -> oracle.putChar(index, (char) value));
            case 15 -> done(() -> big.putChar(index, (char) value));
            case 16 -> oracle.getDouble(index);
            case 17 -> Double.doubleToLongBits(big.getDouble(index));
            case 18 -> done(() -> oracle.putDouble(index, value));
            case 19 -> done(() -> big.putDouble(index, value));
            case 20 -> Float.floatToIntBits(oracle.getFloat(index));
            case 21 -> Float.floatToIntBits(big.getFloat(index));
            case 22 -> done(() -> oracle.putFloat(index, value));
            case 23 -> done(() -> big.putFloat(index, value));
            case 24 -> oracle.get(index);
            case 25 -> done(() -> oracle.put(index, (byte) value));
            case 26 -> {
                byte[] bytes = new byte[40];
                oracle.get(index, bytes, 3, length);
                yield HexFormat.of().formatHex(bytes);
            }
            case 27 ->
                done(() -> {
                    Objects.checkFromIndexSize(index, length, oracle.capacity());
                    for (int i = 0; i < length; i++) {
                        oracle.put(index + i, (byte) value);
                    }
                });
            default -> throw new AssertionError(operation);
        };
    }

    private static String done(Runnable write) {
        write.run();
        return DONE;
    }

    private static Object orOutOfBounds(Supplier<Object> access) {
        try {
            return access.get();
        } catch (IndexOutOfBoundsException e) {
            return "out of bounds";
        }
    }
}
