variable "name" {
  description = "Name of the task and of its resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must have 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "network" {
  description = "VPC, private subnets in different zones, and security group of the interface endpoints, secretsmanager among them."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "cluster_name" {
  description = "Name of the ECS cluster, with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,254}$", var.cluster_name))
    error_message = "cluster_name must be the name of an ECS cluster, not its ARN."
  }
}

variable "image" {
  description = "Image `orders` in ECR, by digest or by an immutable tag."
  type        = string
}

variable "database" {
  description = "Address, port, security group, name, and user of the database, and ARN of the secret whose key `password` has that user's password."
  type = object({
    host              = string
    port              = number
    security_group_id = string
    name              = string
    user              = string
    secret_arn        = string
  })
}

variable "replication" {
  description = "User as which connectors read changes, and ARN of the secret whose key `password` has its password."
  type = object({
    user       = string
    secret_arn = string
  })

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.replication.user))
    error_message = "replication.user must have up to 63 lower-case letters, digits and underscores, and start with a letter."
  }
}

variable "tls" {
  description = "PGSSLMODE. require encrypts without a check of the certificate; verify-full needs an image that has the authorities of RDS and PGSSLROOTCERT."
  type        = string
  default     = "require"

  validation {
    condition     = contains(["require", "verify-ca", "verify-full"], var.tls)
    error_message = "tls must be require, verify-ca or verify-full."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the logs."
  type        = number
  default     = 30
}

variable "start_after" {
  description = "Values that are known once what the task needs exists."
  type        = list(string)
  default     = []
}
