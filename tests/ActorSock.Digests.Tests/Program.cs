using System.Buffers;
using System.Security.Cryptography;

namespace ActorSock.Digests.Tests;

/// <summary>Runs what every width must hold in a process of its own, which may be told to have fewer
/// instructions.</summary>
internal static class Program
{
    /// <summary>Prints the widest kernel; ends with an exception when a property does not hold.</summary>
    public static void Main()
    {
        Console.WriteLine($"widest {Md5Lanes.Widest}");
        new Md5StreamTests().Every_short_length_has_the_digest_that_the_framework_computes();
        foreach (var width in Md5LanesTests.WidthsHere)
        {
            new Md5LanesTests().Lanes_of_any_number_length_and_state_have_the_frameworks_digests(width);
            new Md5LanesTests().One_stream_in_many_calls_has_the_digest_of_all_its_bytes(width);
            if (OperatingSystem.IsLinux()) ReadNothingBehindTheLastByte(width);
        }
    }

    private static void ReadNothingBehindTheLastByte(Md5Width width)
    {
        for (var lanes = 1; lanes <= 17; lanes++)
            foreach (var length in (int[])[0, 63, 64, 65, 128, 640])
            {
                MemoryManager<byte>[] pages =
                    [.. Enumerable.Range(0, lanes).Select(i => new GuardedPage(Streams.Random(i, length + 64 * i)))];
                var streams = pages.Select(_ => new Md5Stream()).ToArray();

                new Md5Lanes(width).Append([.. streams.Zip(pages, (s, page) => new Md5Lane(s, page.Memory))]);

                for (var i = 0; i < lanes; i++)
                {
                    Streams.DigestOf(streams[i]).ShouldBe(MD5.HashData(pages[i].GetSpan()));
                    ((IDisposable)pages[i]).Dispose();
                }
            }
    }
}
