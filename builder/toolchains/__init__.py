"""The tools of others that builds need: finding the Flutter SDK, the JDK and the Android SDK."""
