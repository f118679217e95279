package {{ cookiecutter.bundle_id | replace('-', '_') }}

class MainActivity
