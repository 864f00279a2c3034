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
        }
    }
}
