using System.Runtime.InteropServices;

namespace ActorSock.Digests.Kernels;

/// <summary>Lets OpenSSL compute the rounds of SHA-256, which knows the instructions that processors have for it and .NET does not.</summary>
/// <remarks>
/// Some five times as fast. Only the old calls let the state be seen, whose layout has been the same in all versions (sha.h,
/// SHA256_CTX). Whether they are there, and do what they should, is tried once.
/// </remarks>
internal static unsafe class LibcryptoSha256
{
    private static readonly string[] s_names = ["libcrypto.so.3", "libcrypto.so.1.1"];

    private static readonly delegate* unmanaged<Context*, byte*, nuint, int> s_update = Find();

    /// <summary>Whether it can be used.</summary>
    public static bool IsSupported => s_update is not null;

    /// <inheritdoc cref="Sha256Kernel.Digest"/>
    public static void Digest(Span<uint> chain, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
            Digest(s_update, chain, from, bytes.Length);
    }

    private static bool Digest(delegate* unmanaged<Context*, byte*, nuint, int> update, Span<uint> chain, byte* from, int count)
    {
        var context = default(Context); // with no bytes of an unfinished block, so that nothing stays behind in it
        context.DigestBytes = Sha256Stream.DigestBytes;
        var inside = new Span<uint>(context.Chain, chain.Length);
        chain.CopyTo(inside);
        var done = update(&context, from, (nuint)count);
        inside.CopyTo(chain);
        return done == 1 && context.UnfinishedBytes == 0;
    }

    private static delegate* unmanaged<Context*, byte*, nuint, int> Find()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        foreach (var name in s_names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;
            if (NativeLibrary.TryGetExport(library, "SHA256_Update", out var address)
                && IsRight((delegate* unmanaged<Context*, byte*, nuint, int>)address))
            {
                return (delegate* unmanaged<Context*, byte*, nuint, int>)address;
            }
            NativeLibrary.Free(library);
        }
        return null;
    }

    private static bool IsRight(delegate* unmanaged<Context*, byte*, nuint, int> update)
    {
        const int blocks = 3;
        var bytes = stackalloc byte[blocks * Sha256Stream.BlockBytes];
        for (var i = 0; i < blocks * Sha256Stream.BlockBytes; i++)
            bytes[i] = (byte)(7 * i);
        Span<uint> theirs = stackalloc uint[8], ours = stackalloc uint[8];
        Sha256Kernel.Initial.CopyTo(theirs);
        Sha256Kernel.Initial.CopyTo(ours);
        Sha256Kernel.Digest(ours, new ReadOnlySpan<byte>(bytes, blocks * Sha256Stream.BlockBytes));
        return Digest(update, theirs, bytes, blocks * Sha256Stream.BlockBytes) && theirs.SequenceEqual(ours);
    }

    /// <summary>SHA256_CTX, with room behind it for one that would be larger.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Context
    {
        public fixed uint Chain[8];
        public uint BitsLow, BitsHigh;
        public fixed uint Unfinished[16];
        public uint UnfinishedBytes, DigestBytes;
        public fixed byte Spare[64];
    }
}
