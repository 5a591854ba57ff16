"""What is deployed and how: the template's own resources, the build, the deployment, and the same on one machine."""
