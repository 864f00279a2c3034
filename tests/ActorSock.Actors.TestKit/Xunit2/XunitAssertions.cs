using System.Globalization;
using Xunit.Sdk;

namespace ActorSock.Actors.TestKit.Xunit2;

/// <summary>Fails as xunit's own assertions do.</summary>
public class XunitAssertions : ITestKitAssertions
{
    public void Fail(string format = "", params object[] args) =>
        throw FailException.ForFailure(Text(format, args));

    public void AssertTrue(bool condition, string format = "", params object[] args)
    {
        if (!condition)
            throw TrueException.ForNonTrueValue(Text(format, args), false);
    }

    public void AssertFalse(bool condition, string format = "", params object[] args)
    {
        if (condition)
            throw FalseException.ForNonFalseValue(Text(format, args), true);
    }

    public void AssertEqual<T>(T expected, T actual, string format = "", params object[] args) =>
        AssertEqual(expected, actual, EqualityComparer<T>.Default.Equals, format, args);

    public void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "",
        params object[] args)
    {
        if (!comparer(expected, actual))
            throw EqualException.ForMismatchedValues(expected, actual, Text(format, args));
    }

    private static string Text(string format, object[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
}
