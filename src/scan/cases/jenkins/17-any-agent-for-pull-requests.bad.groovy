// finds: shared-agent-for-outsiders
// --- Jenkinsfile
pipeline {
    agent any
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Test') {
            steps { sh './run-tests.sh' }
        }
    }
}
