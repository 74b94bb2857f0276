variable "name" {
  description = "Name of the connector and of its resources. A sink's consumer group is connect-<name>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must have 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "connector_file" {
  description = "File {\"name\", \"config\"}, as a local worker gets it. Its name is not used."
  type        = string

  validation {
    condition     = can(jsondecode(file(var.connector_file)).config["connector.class"])
    error_message = "connector_file must be a JSON file with config, which has connector.class."
  }
}

variable "replaced" {
  description = "Properties of the file that have another value here."
  type        = map(string)
  default     = {}
}

variable "removed" {
  description = "Properties of the file that do not exist here. A converter's endpoint is always removed."
  type        = set(string)
  default     = []
}

variable "added" {
  description = "Properties that the file does not have."
  type        = map(string)
  default     = {}
}

variable "start_after" {
  description = "Values that are known once what the connector needs exists."
  type        = list(string)
  default     = []
}

variable "plugin" {
  description = "Zip with the connector and its converter, in a versioned bucket: ARN of the bucket, key, version and SHA-256 of the object."
  type = object({
    bucket_arn     = string
    key            = string
    object_version = string
    sha256         = string
  })

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.plugin.sha256)) && endswith(var.plugin.key, ".zip")
    error_message = "plugin.sha256 must be 64 hex digits, and plugin.key must end with .zip."
  }
}

variable "kafkaconnect_version" {
  description = "Version of Kafka Connect. MSK Connect has 2.7.1 and 3.7.x; Debezium 3 needs the Java 17 of 3.7.x."
  type        = string
  default     = "3.7.x"

  validation {
    condition     = contains(["2.7.1", "3.7.x"], var.kafkaconnect_version)
    error_message = "kafkaconnect_version must be 2.7.1 or 3.7.x."
  }
}

variable "capacity" {
  description = "MSK Connect Units of a worker (1 vCPU and 4 GiB each), and the number of workers. autoscaling: minimum and maximum number of workers instead; MSK Connect then sets tasks.max itself."
  type = object({
    mcu_count    = optional(number, 1)
    worker_count = optional(number, 1)
    autoscaling = optional(object({
      min_workers           = number
      max_workers           = number
      scale_in_cpu_percent  = optional(number, 20)
      scale_out_cpu_percent = optional(number, 80)
    }))
  })
  default = {}

  validation {
    condition     = contains([1, 2, 4, 8], var.capacity.mcu_count)
    error_message = "capacity.mcu_count must be 1, 2, 4 or 8."
  }

  validation {
    condition = var.capacity.autoscaling == null ? (
      var.capacity.worker_count >= 1 && var.capacity.worker_count <= 10
      ) : (
      try(var.capacity.autoscaling.min_workers >= 1 && var.capacity.autoscaling.max_workers > var.capacity.autoscaling.min_workers && var.capacity.autoscaling.max_workers <= 10, false)
      && try(var.capacity.autoscaling.scale_in_cpu_percent < var.capacity.autoscaling.scale_out_cpu_percent, false)
    )
    error_message = "capacity must be 1 to 10 workers; with autoscaling, fewer at least than at most, and scaling in below the CPU that scales out."
  }
}

variable "network" {
  description = "VPC, private subnets in different zones, and security group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network.subnet_ids must have two or more subnets, so that workers survive the loss of a zone."
  }
}

variable "destinations" {
  description = "What else the workers connect to: a description → security group and port, such as a database."
  type = map(object({
    security_group_id = string
    port              = number
  }))
  default = {}
}

variable "kafka" {
  description = "MSK cluster: ARN, bootstrap brokers with IAM (host:port, comma-separated), and security group of the brokers' clients."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })

  validation {
    condition     = can(regex("^arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[^/]+/[^/]+$", var.kafka.cluster_arn))
    error_message = "kafka.cluster_arn must be the ARN of an MSK cluster."
  }

  validation {
    condition     = alltrue([for server in split(",", var.kafka.bootstrap_servers) : can(regex("^[^:]+:9098$", server))])
    error_message = "kafka.bootstrap_servers must be brokers on port 9098, the IAM listener."
  }

  validation {
    condition     = length(split(",", var.kafka.bootstrap_servers)) >= 2
    error_message = "kafka.bootstrap_servers must be two or more brokers: with one, no topic has a second copy."
  }
}

variable "writes" {
  description = "Topics of records that a source writes, and creates where they do not exist. Its heartbeat and schema history, and what a sink reads and its dead letters, are taken from the properties."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for topic in var.writes : can(regex("^[a-zA-Z0-9._-]{1,249}$", topic))])
    error_message = "writes must be names of topics, without wildcards."
  }
}

variable "registry" {
  description = "Glue registry of the converters, and the names of the schemas that they register; none for a sink. null: no converter uses Glue."
  type = object({
    name      = string
    registers = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.registry == null || alltrue([for schema in try(var.registry.registers, []) : can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", schema))])
    error_message = "registry.registers must be names of schemas, without wildcards."
  }
}

variable "bucket" {
  description = "Bucket of an S3 sink and the prefix of its objects (topics.dir); null: none."
  type = object({
    arn    = string
    prefix = optional(string, "topics")
  })
  default = null

  validation {
    condition     = var.bucket == null || try(can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]+$", var.bucket.arn)) && can(regex("^[^*?]+$", var.bucket.prefix)), false)
    error_message = "bucket.arn must be the ARN of a bucket, and bucket.prefix a prefix without wildcards."
  }
}

variable "secrets" {
  description = "Name of a secret, as $${secretsmanager:<name>:<key>} has it → its ARN. With a secret, the plugin's zip must contain AWS's configuration provider."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^*?]+$", arn))])
    error_message = "secrets must have ARNs of secrets, without wildcards, as values."
  }
}

variable "kms_key_arns" {
  description = "KMS keys of the secrets; empty: they have the AWS managed key."
  type        = list(string)
  default     = []
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the workers' logs."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs offers, up to a year."
  }
}

variable "logs_bucket" {
  description = "Bucket that also gets the workers' logs, under msk-connect/<name>; null: none."
  type        = string
  default     = null
}
