namespace ActorSock.EndToEnd.Tests.Tracing;

/// <summary>The checker of traces, held against a trace that is right and others that are not.</summary>
public sealed class FlushOrderTests
{
    private static readonly Told[] s_told = [new(5000, "small.bin", IsLarge: false), new(5000, "sub/large.bin", IsLarge: true)];

    /// <summary>A node with the root /r that stores a small and a large file; shortened.</summary>
    private static readonly string[] s_trace = """
        7 pwrite64(9</r/.actorsock/log/log-0>, "ASCKGRP1\1\0\0\0small.bintcp://127.0.0.1:5000xyz\0\0", 4096, 4096) = 4096
        7 fdatasync(9</r/.actorsock/log/log-0> <unfinished ...>
        8 sendto(5<TCP:[127.0.0.1:7070->127.0.0.1:5001]>, "OK", 2, 0, NULL, 0) = 2
        7 <... fdatasync resumed>) = 0
        7 pwrite64(12</r/#77>(deleted), "xyz", 3, 0) = 3
        7 linkat(12</r/#77>(deleted), "", 4</r>, "small.bin", AT_EMPTY_PATH) = -1 EEXIST (File exists)
        7 linkat(12</r/#77>(deleted), "", 6</r/.actorsock/staging>, "00ff.part", AT_EMPTY_PATH) = 0
        7 renameat(6</r/.actorsock/staging>, "00ff.part", 4</r>, "small.bin") = 0
        7 pwrite64(10</r/.actorsock/journal/journal-1.jsonl>, "{\"seq\":1,\"name\":\"small.bin\"}\n", 30, 0) = 30
        8 sendto(5<TCP:[127.0.0.1:7070->127.0.0.1:5000]>, "203", 3, 0, NULL, 0) = 3
        9 openat(6</r/.actorsock/staging>, "c-1.part", O_WRONLY|O_CREAT|O_EXCL|O_DIRECT, 0600) = 13</r/.actorsock/staging/c-1.part>
        9 pwrite64(13</r/.actorsock/staging/c-1.part>, "\1\2\3"..., 1048576, 0) = 1048576
        9 pwrite64(13</r/.actorsock/staging/c-1.part>, "\4\5\6"..., 1048576, 1048576 <unfinished ...>
        8 sendto(5<TCP:[127.0.0.1:7070->127.0.0.1:5000]>, "OK", 2, 0, NULL, 0) = 2
        9 <... pwrite64 resumed>) = 1048576
        9 fsync(13</r/.actorsock/staging/c-1.part>) = 0
        9 fsync(6</r/.actorsock/staging>) = 0
        7 pwrite64(9</r/.actorsock/log/log-0>, "ASCKGRP1\1\0\0\0sub/large.bintcp://127.0.0.1:5000c-1.part\0", 4096, 8192) = 4096
        7 fdatasync(9</r/.actorsock/log/log-0>) = 0
        7 mkdirat(4</r>, "sub", 0777) = 0
        7 renameat(6</r/.actorsock/staging>, "c-1.part", 14</r/sub>, "large.bin") = 0
        7 fsync(4</r>) = 0
        7 fsync(14</r/sub>) = 0
        7 pwrite64(10</r/.actorsock/journal/journal-1.jsonl>, "{\"seq\":2,\"name\":\"sub/large.bin\"}\n", 34, 30) = 34
        8 sendto(5<TCP:[127.0.0.1:7070->127.0.0.1:5000]>, "203", 3, 0, NULL, 0) = 3
        7 +++ exited with 0 +++
        """.Split('\n');

    [Fact]
    public void A_trace_in_the_right_order_has_no_fault() => FlushOrder.Faults(s_trace, "/r", s_told).ShouldBeEmpty();

    [Theory]
    [InlineData(9, 3, "small.bin: acknowledged before the log was flushed")]
    [InlineData(7, 2, "small.bin: it was visible before the log was flushed")]
    [InlineData(9, 5, "small.bin: acknowledged before it had its name")]
    [InlineData(9, 8, "small.bin: acknowledged before the journal had its line")]
    [InlineData(15, 11, "sub/large.bin: its bytes were not durable before its entry was written")]
    [InlineData(15, 18, "sub/large.bin: its bytes were not durable before its entry was written")]
    [InlineData(15, 14, "sub/large.bin: its bytes were not durable before its entry was written")]
    [InlineData(16, 9, "sub/large.bin: its part file's name was not durable before its entry was written")]
    [InlineData(16, 17, "sub/large.bin: its part file's name was not durable before its entry was written")]
    [InlineData(24, 17, "sub/large.bin: acknowledged before the log was flushed")]
    [InlineData(20, 18, "sub/large.bin: it was visible before the log was flushed")]
    [InlineData(22, 19, "sub/large.bin: acknowledged before its folder was durable")]
    [InlineData(24, 22, "sub/large.bin: acknowledged before its folder was durable")]
    [InlineData(21, 18, "sub/large.bin: acknowledged before the folder above was durable")]
    [InlineData(24, 21, "sub/large.bin: acknowledged before the folder above was durable")]
    public void A_line_in_the_wrong_place_is_found(int from, int to, string fault)
    {
        var lines = s_trace.ToList();
        lines.RemoveAt(from);
        lines.Insert(to, s_trace[from]);

        FlushOrder.Faults(lines, "/r", s_told).ShouldContain(fault);
    }

    [Theory]
    [InlineData("fdatasync resumed>) = 0", "fdatasync resumed>) = -1 EIO", "small.bin: it was visible before the log was flushed")]
    [InlineData("\"203\"", "\"500\"", "5000 was sent 0 acknowledgements for 2 files")]
    [InlineData("log/log-0>)", "log/log-1>)", "sub/large.bin: the log was not flushed behind its entry")]
    [InlineData("large.bintcp", "other.bintcp", "sub/large.bin: its entry is not in the log")]
    [InlineData("\"large.bin\") = 0", "\"large.bin\") = -1 ENOSPC", "sub/large.bin: it got no name")]
    [InlineData("\\\"small.bin", "\\\"tiny.bin", "small.bin: it has no line in the journal")]
    public void A_call_that_is_missing_or_has_failed_is_found(string old, string changed, string fault) =>
        FlushOrder.Faults(s_trace.Select(line => line.Replace(old, changed, StringComparison.Ordinal)), "/r", s_told).ShouldContain(fault);
}
